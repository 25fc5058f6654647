using System.Collections.Frozen;
using EcgStream.Core.Alarms;
using Grpc.Core;

namespace EcgStream.Daemon.Feeds;

/// <summary>The devices that a request names; none named is all. What is said of the daemon itself passes every filter.</summary>
internal sealed class DeviceFilter
{
    private readonly FrozenSet<string>? _devices;

    /// <exception cref="RpcException">INVALID_ARGUMENT: too many ids, or an empty one.</exception>
    public DeviceFilter(IReadOnlyCollection<string> deviceIds, int limit)
    {
        if (deviceIds.Count > limit)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"device_ids: {deviceIds.Count} ids, the limit is {limit}"));
        }

        if (deviceIds.Contains(""))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "device_ids: an id is empty"));
        }

        _devices = deviceIds.Count == 0 ? null : deviceIds.ToFrozenSet(StringComparer.Ordinal);
    }

    public bool Takes(string deviceId) => _devices is null || _devices.Contains(deviceId) || deviceId == DaemonAlarms.DeviceId;
}
