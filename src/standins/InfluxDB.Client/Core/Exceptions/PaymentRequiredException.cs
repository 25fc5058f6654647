namespace InfluxDB.Client.Core.Exceptions;

/// <summary>HTTP 402, Payment Required.</summary>
public class PaymentRequiredException(string message, Exception? exception = null) : HttpException(message, 402, exception);
