namespace EcgStream.Daemon.Storage.Influx;

/// <summary>Sends lines to one bucket.</summary>
internal interface IInfluxWriter
{
    /// <summary>Server, organization and bucket, without credentials: what a cursor belongs to.</summary>
    string Destination { get; }

    Task<InfluxWriteOutcome> WriteAsync(List<string> lines, CancellationToken cancellationToken);
}
