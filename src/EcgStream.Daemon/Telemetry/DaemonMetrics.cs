using System.Diagnostics.Metrics;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Ingest;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Telemetry;

/// <summary>Levels of the whole daemon that no stage has by itself: its version, devices by state, open alarms by priority.</summary>
internal sealed class DaemonMetrics
{
    /// <summary>As the monitor service counts it.</summary>
    private static readonly TimeSpan OnlineWithin = TimeSpan.FromSeconds(5);

    private static readonly KeyValuePair<string, object?> Online = new("state", "online");
    private static readonly KeyValuePair<string, object?> Silent = new("state", "silent");
    private static readonly (AlarmPriority Priority, KeyValuePair<string, object?> Tag)[] Priorities =
        [(AlarmPriority.Low, new("priority", "low")), (AlarmPriority.Medium, new("priority", "medium")), (AlarmPriority.High, new("priority", "high"))];

    private readonly DeviceDirectory _devices;
    private readonly AlarmBoard _alarms;
    private readonly TimeProvider _clock;

    public DaemonMetrics(IMeterFactory meters, DeviceDirectory devices, AlarmBoard alarms, TimeProvider clock)
    {
        (_devices, _alarms, _clock) = (devices, alarms, clock);
        var meter = meters.Create("EcgStream");
        meter.CreateObservableGauge(
            "ecg.build.info", static () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", Product.Version)), null, "Always 1; the label says the version");
        meter.CreateObservableGauge("ecg.devices", Devices, "{device}", "Devices known now, by whether a chunk came within 5 s");
        meter.CreateObservableGauge("ecg.alarm.open", Alarms, "{alarm}", "Alarms that are not cleared, by priority");
    }

    private IEnumerable<Measurement<int>> Devices()
    {
        var (online, all) = (0, 0);
        foreach (var device in _devices.All)
        {
            all++;
            online += _clock.GetElapsedTime(device.LastChunkTimestamp) < OnlineWithin ? 1 : 0;
        }

        return [new(online, Online), new(all - online, Silent)];
    }

    private IEnumerable<Measurement<int>> Alarms()
    {
        var open = _alarms.Snapshot().Alarms;
        return Priorities.Select(level => new Measurement<int>(open.Count(alarm => alarm.Priority == level.Priority), level.Tag));
    }
}
