namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 502, Bad Gateway.</summary>
public class BadGatewayException(string message, Exception? exception = null) : HttpException(message, 502, exception);
