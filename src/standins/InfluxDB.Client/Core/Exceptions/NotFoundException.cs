namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 404, Not Found.</summary>
public class NotFoundException(string message, Exception? exception = null) : HttpException(message, 404, exception);
