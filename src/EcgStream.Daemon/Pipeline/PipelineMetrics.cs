using System.Diagnostics.Metrics;
using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;

namespace EcgStream.Daemon.Pipeline;

/// <summary>What the shards do, and how much waits for them.</summary>
internal sealed class PipelineMetrics
{
    private static readonly string[] Classes = Enum.GetNames<BeatClass>();

    private readonly Meter _meter;
    private readonly Counter<long> _faults;
    private readonly Histogram<double> _latency;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _beats;
    private readonly Counter<long> _beatsWithoutResult;

    public PipelineMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("EcgStream");
        _faults = _meter.CreateCounter<long>("ecg.pipeline.faults", "{chunk}", "Chunks whose processing failed");
        _gaps = _meter.CreateCounter<long>("ecg.pipeline.gaps", "{gap}", "Gaps in the devices' streams, by what became of them");
        _beats = _meter.CreateCounter<long>("ecg.pipeline.beats", "{beat}", "Beats given to the rules and the store, by class");
        _beatsWithoutResult = _meter.CreateCounter<long>("ecg.pipeline.beats.unresolved", "{beat}", "Beats of class Q because their result did not come in time or too many waited, by reason");
        _latency = _meter.CreateHistogram(
            "ecg.pipeline.latency", "s", "Ingest of the deciding chunk to publication of the result",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });
    }

    public void ChunkFaulted() => _faults.Add(1);

    public void Gap(SignalGapKind kind) => _gaps.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    public void BeatClassified(BeatClass beatClass) => _beats.Add(1, new KeyValuePair<string, object?>("class", Classes[(int)beatClass]));

    public void BeatsWithoutResult(long timedOut, long overflowed)
    {
        Add(timedOut, "timeout");
        Add(overflowed, "overflow");

        void Add(long count, string reason)
        {
            if (count > 0)
            {
                _beatsWithoutResult.Add(count, new KeyValuePair<string, object?>("reason", reason));
            }
        }
    }

    public void ResultPublished(TimeSpan latency) => _latency.Record(latency.TotalSeconds);

    public void ObserveShards(ShardSet shards) => _meter.CreateObservableGauge(
        "ecg.pipeline.queue.depth", () => shards.All.Sum(shard => shard.Depth), "{chunk}", "Chunks that wait for a shard or hold a place in one");
}
