namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 503, Service Unavailable.</summary>
public class ServiceUnavailableException(string message, Exception? exception = null) : HttpException(message, 503, exception);
