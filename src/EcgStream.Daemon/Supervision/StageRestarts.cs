using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EcgStream.Daemon.Supervision;

/// <summary>Counts the restarts of stages and keeps why those that wait for one have failed.</summary>
internal sealed class StageRestarts
{
    private readonly ConcurrentDictionary<string, string> _failing = new(StringComparer.Ordinal);
    private readonly Counter<long> _restarts;
    private long _total;

    public StageRestarts(IMeterFactory meters) =>
        _restarts = meters.Create("EcgStream").CreateCounter<long>("ecg.stage.restarts", "{restart}", "Stages that failed and were started again, by stage");

    /// <summary>Restarts since the start.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Stages that have failed and not got on since, with the reason.</summary>
    public IReadOnlyList<string> Failing => [.. _failing.Select(stage => $"{stage.Key} failed and is started again: {stage.Value}")];

    public void Failed(string stage, Exception? reason)
    {
        Interlocked.Increment(ref _total);
        _restarts.Add(1, new KeyValuePair<string, object?>("stage", stage));
        _failing[stage] = reason?.Message ?? "it ended";
    }

    /// <returns>It had failed.</returns>
    public bool Works(string stage) => _failing.TryRemove(stage, out _);
}
