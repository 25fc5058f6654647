using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>Instruments of the feed.</summary>
public sealed class InfluxMetrics
{
    private readonly Counter<long> _lines;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _failures;
    private long _written;
    private long _refusedTotal;
    private long _lag;
    private string? _fault;

    public InfluxMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create("EcgStream");
        _lines = meter.CreateCounter<long>("ecg.influx.lines", "{line}", "Lines that InfluxDB took");
        _refused = meter.CreateCounter<long>("ecg.influx.refused", "{line}", "Lines that InfluxDB refused for what they say");
        _missed = meter.CreateCounter<long>("ecg.influx.missed", "{row}", "Rows that retention deleted before InfluxDB had them");
        _failures = meter.CreateCounter<long>("ecg.influx.failures", "{request}", "Requests that failed and are tried again");
        meter.CreateObservableGauge("ecg.influx.lag", () => Lag, "{row}", "Stored rows that InfluxDB does not have yet");
    }

    /// <summary>Stored rows that InfluxDB does not have yet; 0 when none is configured.</summary>
    public long Lag => Interlocked.Read(ref _lag);

    /// <summary>Why the server takes no lines; null while it does.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    public long LinesWritten => Interlocked.Read(ref _written);

    public long LinesRefused => Interlocked.Read(ref _refusedTotal);

    internal void SetLag(ulong lag) => Interlocked.Exchange(ref _lag, (long)lag);

    internal void Written(int lines)
    {
        Interlocked.Add(ref _written, lines);
        _lines.Add(lines);
    }

    internal void Refused(int lines)
    {
        Interlocked.Add(ref _refusedTotal, lines);
        _refused.Add(lines);
    }

    internal void Missed(ulong rows) => _missed.Add((long)rows);

    internal void Failed(string reason)
    {
        Volatile.Write(ref _fault, reason);
        _failures.Add(1);
    }

    internal void Recovered() => Volatile.Write(ref _fault, null);
}
