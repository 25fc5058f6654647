namespace EcgStream.Evaluation.Episodes;

/// <summary>One record, compared.</summary>
internal sealed record EpisodeScore(string Name)
{
    public double SampleRateHz { get; init; }

    /// <summary>In the order of <see cref="EpisodeKinds.All"/>.</summary>
    public IReadOnlyList<EpisodeTable> Tables { get; init; } = [];

    /// <summary>Episodes of the reference, then of the test, for each kind.</summary>
    public IReadOnlyList<(IReadOnlyList<Episode> Reference, IReadOnlyList<Episode> Test)> Episodes { get; init; } = [];

    /// <summary>Why the record has no score; null where it has.</summary>
    public string? Problem { get; init; }
}
