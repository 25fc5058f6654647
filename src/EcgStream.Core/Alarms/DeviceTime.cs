namespace EcgStream.Core.Alarms;

/// <summary>Spans on the device clock, which counts Unix nanoseconds.</summary>
internal static class DeviceTime
{
    public const string Seconds = "s";
    public const string One = "1";

    public static long Nanoseconds(this TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;

    public static double ToSeconds(long nanoseconds) => nanoseconds / 1e9;
}
