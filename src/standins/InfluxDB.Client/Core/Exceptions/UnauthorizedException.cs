namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 401, Unauthorized.</summary>
public class UnauthorizedException(string message, Exception? exception = null) : HttpException(message, 401, exception);
