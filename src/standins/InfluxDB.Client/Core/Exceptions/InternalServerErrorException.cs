namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 500, Internal Server Error.</summary>
public class InternalServerErrorException(string message, Exception? exception = null) : HttpException(message, 500, exception);
