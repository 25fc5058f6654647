namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 400, Bad Request.</summary>
public class BadRequestException(string message, Exception? exception = null) : HttpException(message, 400, exception);
