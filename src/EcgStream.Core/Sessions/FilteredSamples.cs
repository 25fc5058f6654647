using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>A piece of a session's filtered signal, 500 Hz, millivolts.</summary>
public readonly ref struct FilteredSamples
{
    public required string DeviceId { get; init; }

    public required ulong SessionId { get; init; }

    /// <summary>Device clock of the first sample.</summary>
    public required long StartUnixNs { get; init; }

    /// <summary>Carried, then derived leads.</summary>
    public required ReadOnlySpan<Lead> Leads { get; init; }

    public required int SamplesPerLead { get; init; }

    /// <summary>Lead-major.</summary>
    public required ReadOnlySpan<float> Millivolts { get; init; }
}
