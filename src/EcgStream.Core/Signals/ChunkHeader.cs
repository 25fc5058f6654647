namespace EcgStream.Core.Signals;

/// <summary>
/// A decoded and checked SampleChunk, all but its samples: those stay where they are in the payload, at
/// <see cref="SamplesOffset"/>, as little-endian int16, lead-major.
/// </summary>
public readonly record struct ChunkHeader
{
    public required string DeviceId { get; init; }

    public required ulong SessionId { get; init; }

    public required ulong Sequence { get; init; }

    /// <summary>Device clock of the first sample.</summary>
    public required long DeviceTimeUnixNs { get; init; }

    public required double SampleRateHz { get; init; }

    public required LeadList Leads { get; init; }

    public required int SamplesPerLead { get; init; }

    /// <summary>physical_µV = (digital − <see cref="BaselineLsb"/>) × gain.</summary>
    public required double GainMicrovoltsPerLsb { get; init; }

    public required int BaselineLsb { get; init; }

    /// <summary>Bit set = electrode off: 0 RA, 1 LA, 2 LL, 3 RL, 4 to 9 V1 to V6.</summary>
    public required uint ElectrodesOff { get; init; }

    public required bool EndOfSession { get; init; }

    /// <summary>Where the sample bytes begin in the payload that was decoded.</summary>
    public required int SamplesOffset { get; init; }

    public required int SamplesLength { get; init; }

    /// <summary>Device clock of the end of the last sample.</summary>
    public long EndUnixNs => DeviceTimeUnixNs + (long)Math.Round(SamplesPerLead * (1e9 / SampleRateHz));
}
