using EcgStream.Daemon.Ingest;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Pipeline;

/// <summary>All shards; a device belongs to one of them for as long as the process lives, so its chunks keep their order.</summary>
internal sealed class ShardSet
{
    private readonly Shard[] _shards;

    public ShardSet(IOptions<PipelineOptions> options, DeviceStreamFactory streams, PipelineMetrics metrics, TimeProvider clock, ILogger<Shard> log)
    {
        var count = options.Value.Shards > 0 ? options.Value.Shards : Environment.ProcessorCount;
        _shards = new Shard[count];
        for (var i = 0; i < count; i++)
        {
            _shards[i] = new Shard(i, options.Value.ShardCapacity, streams, metrics, clock, log);
        }

        metrics.ObserveShards(this);
    }

    public IReadOnlyList<Shard> All => _shards;

    public Shard For(string deviceId)
    {
        // FNV-1a: the same device meets the same shard number in every process of the same shard count, which makes traces comparable.
        var hash = 2166136261u;
        foreach (var c in deviceId)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return _shards[hash % (uint)_shards.Length];
    }
}
