namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 405, Method Not Allowed.</summary>
public class MethodNotAllowedException(string message, Exception? exception = null) : HttpException(message, 405, exception);
