using System.ComponentModel.DataAnnotations;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Windows;

/// <summary>How rhythm windows are cut. Bound from configuration; the daemon stops at start when a value is out of range.</summary>
public sealed class WindowOptions
{
    public const string SectionName = "Windows";

    /// <summary>
    /// The longest window that a model may ask for; it sizes the rings of every session (2 kB per second and lead that a model takes). A model that asks for more stops the start.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan Length { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time from one window to the next. Shorter: results sooner after an onset, more work for the models; longer: the reverse.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan Hop { get; set; } = TimeSpan.FromSeconds(1);

    public int LengthSamples => Samples(Length);

    public int HopSamples => Samples(Hop);

    /// <summary>Rules that bind several values; the ranges are on the properties.</summary>
    /// <returns>One text per broken rule.</returns>
    public IEnumerable<string> Problems()
    {
        if (Length.Ticks % TicksPerSample != 0)
        {
            yield return $"{SectionName}:{nameof(Length)} is {Length:c}, accepted are multiples of 2 ms (500 Hz)";
        }

        if (Hop.Ticks % TicksPerSample != 0)
        {
            yield return $"{SectionName}:{nameof(Hop)} is {Hop:c}, accepted are multiples of 2 ms (500 Hz)";
        }
    }

    private static long TicksPerSample => TimeSpan.TicksPerSecond / SampleClock.RateHz;

    private static int Samples(TimeSpan time) => (int)(time.Ticks / TicksPerSample);
}
