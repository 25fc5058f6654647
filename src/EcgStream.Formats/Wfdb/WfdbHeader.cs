using System.Collections.Immutable;

namespace EcgStream.Formats.Wfdb;

/// <summary>A WFDB header of a record in one segment.</summary>
public sealed record WfdbHeader
{
    public required string RecordName { get; init; }

    /// <summary>Samples per second and signal, as written; not yet held against the range of an ECG.</summary>
    public required double SampleRateHz { get; init; }

    public double? CounterFrequencyHz { get; init; }

    public double? BaseCounter { get; init; }

    /// <summary>Samples per signal; null where the header does not say, and the signal files decide.</summary>
    public long? SampleCount { get; init; }

    /// <summary>As written; null where the line ends before it. Not converted, since the zone is unknown.</summary>
    public string? BaseTime { get; init; }

    public string? BaseDate { get; init; }

    public required ImmutableArray<WfdbSignalSpec> Signals { get; init; }

    /// <summary>Comment lines without the leading <c>#</c> and the white space around.</summary>
    public ImmutableArray<string> Comments { get; init; } = [];
}
