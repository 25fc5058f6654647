using InfluxDB.Client.Api.Domain;

namespace InfluxDB.Client.Writes;

/// <summary>The lines are given up: refused, or repeated in vain. The exception says why, in the server's words.</summary>
public class WriteErrorEvent(string organization, string bucket, WritePrecision precision, string lineProtocol, Exception exception)
    : AbstractWriteEvent(organization, bucket, precision, lineProtocol)
{
    public Exception Exception { get; } = exception;
}
