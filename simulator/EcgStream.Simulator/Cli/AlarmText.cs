using System.Globalization;
using EcgStream.Protocol.V1;

namespace EcgStream.Simulator.Cli;

/// <summary>Alarms in words.</summary>
internal static class AlarmText
{
    public static string Line(AlarmEvent alarm) => string.Create(
        CultureInfo.InvariantCulture,
        $"{alarm.Cursor} {Time(alarm.EventUnixNs)} {alarm.DeviceId} {Name(alarm.Priority)} {Name(alarm.Condition)} {Name(alarm.Transition)} {Name(alarm.State)}: {alarm.Message}{Value(alarm)} [{alarm.Source}]");

    public static string Value(AlarmEvent alarm) =>
        alarm.Unit.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {alarm.Value:0.###} {alarm.Unit}");

    /// <summary>Unix nanoseconds as UTC time of day.</summary>
    public static string Time(ulong unixNs) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)(unixNs / 1_000_000)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
