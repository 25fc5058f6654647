namespace EcgStream.Core.Signals;

/// <summary>What a chunk may hold; the text of the limits is in the contract (<c>samples.proto</c>).</summary>
public static class ChunkLimits
{
    public const int MaxBytes = 256 * 1024;
    public const int MaxDeviceIdLength = 64;
    public const double MinSampleRateHz = 100;
    public const double MaxSampleRateHz = 1000;
    public const double MinSeconds = 0.020;
    public const double MaxSeconds = 2;

    /// <summary>2100-01-01: a clock beyond it runs in other units or on another epoch.</summary>
    public const long MaxDeviceTimeUnixNs = 4_102_444_800_000_000_000;

    /// <summary>RA, LA, LL, RL, V1 to V6.</summary>
    public const uint AllElectrodes = 0x3FF;

    /// <summary>A single-lead device has two electrodes to lose.</summary>
    public const uint SingleLeadElectrodes = 0x3;
}
