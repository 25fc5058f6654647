using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EcgStream.Daemon.Ingest;

/// <summary>The devices that are known now, for whoever only looks one up. <see cref="DeviceRegistry"/> adds and removes.</summary>
internal sealed class DeviceDirectory
{
    private readonly Lock _summing = new();
    private DeviceSums _forgotten;
    private readonly ConcurrentDictionary<string, DeviceEntry> _devices = new(StringComparer.Ordinal);

    public int Count => _devices.Count;

    public IEnumerable<DeviceEntry> All => _devices.Values;

    public bool TryGet(string deviceId, [NotNullWhen(true)] out DeviceEntry? entry) => _devices.TryGetValue(deviceId, out entry);

    public bool TryAdd(DeviceEntry entry) => _devices.TryAdd(entry.DeviceId, entry);

    /// <summary>What the devices did that are no longer known, so that the totals since the start stay whole.</summary>
    public DeviceSums Forgotten
    {
        get
        {
            lock (_summing)
            {
                return _forgotten;
            }
        }
    }

    public bool TryRemove(DeviceEntry entry)
    {
        if (!_devices.TryRemove(KeyValuePair.Create(entry.DeviceId, entry)))
        {
            return false;
        }

        lock (_summing)
        {
            _forgotten += DeviceSums.Of(entry);
        }

        return true;
    }
}
