using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EcgStream.Daemon.Pipeline;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Ingest;

/// <summary>The devices that are known now, at most <see cref="IngestOptions.MaxDevices"/>. Any thread may call.</summary>
internal sealed class DeviceRegistry(IOptions<IngestOptions> options, ShardSet shards, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DeviceEntry> _devices = new(StringComparer.Ordinal);
    private readonly Lock _growth = new();
    private readonly IngestOptions _options = options.Value;

    public int Count => _devices.Count;

    public IEnumerable<DeviceEntry> Devices => _devices.Values;

    public bool TryGet(string deviceId, [NotNullWhen(true)] out DeviceEntry? entry) => _devices.TryGetValue(deviceId, out entry);

    /// <summary>The device's entry, made when there is room for one more.</summary>
    public bool TryGetOrAdd(string deviceId, [NotNullWhen(true)] out DeviceEntry? entry)
    {
        if (_devices.TryGetValue(deviceId, out entry))
        {
            return true;
        }

        lock (_growth)
        {
            if (_devices.TryGetValue(deviceId, out entry))
            {
                return true;
            }

            if (_devices.Count >= _options.MaxDevices)
            {
                return false;
            }

            entry = new DeviceEntry(deviceId, shards.For(deviceId), clock);
            return _devices.TryAdd(deviceId, entry);
        }
    }

    /// <summary>Forgets devices that have been silent for <see cref="IngestOptions.ForgetAfter"/>; their shards let go of the sessions.</summary>
    public async ValueTask ForgetSilentAsync(CancellationToken cancellation)
    {
        foreach (var entry in _devices.Values)
        {
            if (clock.GetElapsedTime(entry.LastChunkTimestamp) > _options.ForgetAfter && _devices.TryRemove(entry.DeviceId, out _))
            {
                await entry.Shard.ForgetAsync(entry, cancellation);
            }
        }
    }
}
