namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 407, Proxy Authentication Required.</summary>
public class ProxyAuthenticationRequiredException(string message, Exception? exception = null) : HttpException(message, 407, exception);
