using System.Diagnostics;

namespace EcgStream.Core.Time;

/// <summary>
/// Spans of what is done for many devices at once: a model's batch, a commit, a request to InfluxDB. Nothing is made, and nothing allocated, while nobody
/// listens. No span names a device.
/// </summary>
public static class Traces
{
    public const string SourceName = "EcgStream";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts a span; null while nobody listens or it is not sampled.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);
}
