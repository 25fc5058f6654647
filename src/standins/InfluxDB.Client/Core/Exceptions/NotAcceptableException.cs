namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 406, Not Acceptable.</summary>
public class NotAcceptableException(string message, Exception? exception = null) : HttpException(message, 406, exception);
