namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 429, Too Many Requests.</summary>
public class TooManyRequestsException(string message, Exception? exception = null) : HttpException(message, 429, exception);
