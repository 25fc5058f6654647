namespace EcgStream.Evaluation.Ec57;

/// <summary>One record's comparison.</summary>
internal sealed record RecordScore
{
    public required string Name { get; init; }

    /// <summary>Why there is none; null when there is one.</summary>
    public string? Problem { get; init; }

    public BeatTable Beats { get; init; } = new();

    /// <summary>The same with escape beats counted as normal.</summary>
    public BeatTable BeatsEscapesNormal { get; init; } = new();

    public RunTable VentricularRuns { get; init; } = new();

    public RunTable SupraventricularRuns { get; init; } = new();

    public RateComparison Rate { get; init; }

    public IReadOnlyList<BeatMismatch> Mismatches { get; init; } = [];

    /// <summary>Of the recording.</summary>
    public double SampleRateHz { get; init; }

    /// <summary>Samples marked as missing in the file.</summary>
    public long MissingSamples { get; init; }

    /// <summary>What the reader assumed, chose or left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool IsScored => Problem is null;
}
