namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 501, Not Implemented.</summary>
public class HttpNotImplementedException(string message, Exception? exception = null) : HttpException(message, 501, exception);
