using InfluxDB.Client.Api.Domain;

namespace InfluxDB.Client.Writes;

public abstract class AbstractWriteEvent(string organization, string bucket, WritePrecision precision, string lineProtocol) : InfluxDBEventArgs
{
    public string Organization { get; } = organization;

    public string Bucket { get; } = bucket;

    public WritePrecision Precision { get; } = precision;

    /// <summary>The lines of the batch, a line feed between each.</summary>
    public string LineProtocol { get; } = lineProtocol;
}
