using System.Diagnostics.CodeAnalysis;
using EcgStream.Daemon.Pipeline;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Ingest;

/// <summary>Takes devices in and lets them go; at most <see cref="IngestOptions.MaxDevices"/> at a time. Any thread may call.</summary>
internal sealed class DeviceRegistry(DeviceDirectory devices, IOptions<IngestOptions> options, ShardSet shards, TimeProvider clock)
{
    private readonly Lock _growth = new();
    private readonly IngestOptions _options = options.Value;

    /// <summary>The device's entry, made when there is room for one more.</summary>
    public bool TryGetOrAdd(string deviceId, [NotNullWhen(true)] out DeviceEntry? entry)
    {
        if (devices.TryGet(deviceId, out entry))
        {
            return true;
        }

        lock (_growth)
        {
            if (devices.TryGet(deviceId, out entry))
            {
                return true;
            }

            if (devices.Count >= _options.MaxDevices)
            {
                return false;
            }

            entry = new DeviceEntry(deviceId, shards.For(deviceId), clock);
            return devices.TryAdd(entry);
        }
    }

    /// <summary>Forgets devices that have been silent for <see cref="IngestOptions.ForgetAfter"/>; their shards let go of the sessions.</summary>
    public async ValueTask ForgetSilentAsync(CancellationToken cancellation)
    {
        foreach (var entry in devices.All)
        {
            if (clock.GetElapsedTime(entry.LastChunkTimestamp) > _options.ForgetAfter && devices.TryRemove(entry))
            {
                await entry.Shard.ForgetAsync(entry, cancellation);
            }
        }
    }
}
