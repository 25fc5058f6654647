namespace EcgStream.Daemon.Telemetry.Exposition;

internal enum MetricKind
{
    /// <summary>Only rises.</summary>
    Counter,

    /// <summary>A level.</summary>
    Gauge,

    /// <summary>Counts by upper bound, with sum and count.</summary>
    Histogram,
}
