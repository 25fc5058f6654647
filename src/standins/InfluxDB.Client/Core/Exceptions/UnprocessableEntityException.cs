namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 422, Unprocessable Content.</summary>
public class UnprocessableEntityException(string message, Exception? exception = null) : HttpException(message, 422, exception);
