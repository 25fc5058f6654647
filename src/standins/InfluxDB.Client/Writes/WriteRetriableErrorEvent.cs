using InfluxDB.Client.Api.Domain;

namespace InfluxDB.Client.Writes;

/// <summary>The lines will be sent again after <see cref="RetryInterval"/> milliseconds.</summary>
public class WriteRetriableErrorEvent(string organization, string bucket, WritePrecision precision, string lineProtocol, Exception exception, long retryInterval)
    : AbstractWriteEvent(organization, bucket, precision, lineProtocol)
{
    public Exception Exception { get; } = exception;

    public long RetryInterval { get; } = retryInterval;
}
