namespace EcgStream.Core.Signals;

/// <summary>The one rate that everything behind the resampler runs at.</summary>
public static class SampleClock
{
    public const int RateHz = 500;
    public const long SampleNs = 1_000_000_000 / RateHz;
}
