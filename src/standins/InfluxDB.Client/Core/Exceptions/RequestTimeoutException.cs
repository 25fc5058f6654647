namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 408, Request Timeout.</summary>
public class RequestTimeoutException(string message, Exception? exception = null) : HttpException(message, 408, exception);
