namespace InfluxDB.Client.Core.Exceptions;

public class InfluxException : Exception
{
    public InfluxException(string message, Exception? exception = null)
        : this(message, 0, exception)
    {
    }

    public InfluxException(Exception exception)
        : base(exception.Message, exception)
    {
    }

    public InfluxException(string message, int code, Exception? exception = null)
        : base(message, exception) => Code = code;

    /// <summary>The server's own code of the error; 0 when it gave none.</summary>
    public int Code { get; }

    /// <summary>HTTP status; 0 when there was no response.</summary>
    public int Status { get; set; }
}
