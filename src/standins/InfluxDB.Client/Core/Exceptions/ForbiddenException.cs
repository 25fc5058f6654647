namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 403, Forbidden.</summary>
public class ForbiddenException(string message, Exception? exception = null) : HttpException(message, 403, exception);
