namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 413, Content Too Large.</summary>
public class RequestEntityTooLargeException(string message, Exception? exception = null) : HttpException(message, 413, exception);
