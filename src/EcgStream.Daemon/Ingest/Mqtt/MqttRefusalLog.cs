using EcgStream.Core.Signals;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// Tells of refused publishes: a line a minute for each topic's device at most, with what it left out. Devices beyond <see cref="MostDevices"/>
/// within that minute share one. Any thread.
/// </summary>
internal sealed class MqttRefusalLog(ILogger<MqttRefusalLog> log, TimeProvider clock)
{
    private const int MostDevices = 64;
    private const string Others = "further devices";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Told, int LeftOut)> _devices = new(StringComparer.Ordinal);

    public void Refused(ReadOnlyMemory<char> topicDevice, in ChunkRefusal refusal)
    {
        var device = topicDevice.Length <= ChunkLimits.MaxDeviceIdLength ? topicDevice.ToString() : string.Concat(topicDevice.Span[..ChunkLimits.MaxDeviceIdLength], "…");
        var now = clock.GetTimestamp();
        int leftOut;
        lock (_gate)
        {
            if (!_devices.ContainsKey(device) && _devices.Count >= MostDevices)
            {
                ForgetSilent(now);
                device = _devices.Count >= MostDevices ? Others : device;
            }

            if (_devices.TryGetValue(device, out var entry) && clock.GetElapsedTime(entry.Told, now) < Pause)
            {
                _devices[device] = entry with { LeftOut = entry.LeftOut + 1 };
                return;
            }

            leftOut = entry.LeftOut;
            _devices[device] = (now, 0);
        }

        MqttLog.PublishRefused(log, device, refusal.Reason, refusal.Message, leftOut);
    }

    private void ForgetSilent(long now)
    {
        foreach (var (device, entry) in _devices)
        {
            if (clock.GetElapsedTime(entry.Told, now) >= Pause)
            {
                _devices.Remove(device);
            }
        }
    }
}
