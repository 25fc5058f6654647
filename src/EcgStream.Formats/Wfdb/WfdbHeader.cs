using System.Collections.Immutable;

namespace EcgStream.Formats.Wfdb;

/// <summary>One segment of a record in several.</summary>
/// <param name="Name">Of its header beside the record's; <c>~</c> for a gap.</param>
/// <param name="SampleCount">Samples per signal; 0 for the layout segment, which only lists signals.</param>
public readonly record struct WfdbSegment(string Name, long SampleCount)
{
    public bool IsGap => Name == "~";
}

/// <summary>A WFDB header.</summary>
public sealed record WfdbHeader
{
    public required string RecordName { get; init; }

    /// <summary>Samples per second and signal, as written; not yet held against the range of an ECG.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>Signals that the record line announces; <see cref="Signals"/> may be fewer where lines are missing.</summary>
    public int AnnouncedSignals { get; init; }

    internal int AnnouncedSegments { get; init; }

    /// <summary>The segments of a record in several; empty for one that has signals of its own.</summary>
    public ImmutableArray<WfdbSegment> Segments { get; init; } = [];

    /// <summary>False where <see cref="SampleRateHz"/> is the default of WFDB.</summary>
    public bool StatesSampleRate { get; init; } = true;

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

    /// <summary>What was found odd but could be read, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
