namespace EcgStream.Evaluation.Episodes;

/// <summary>One episode, in samples of its record.</summary>
/// <param name="Start">First sample.</param>
/// <param name="End">The sample behind the last.</param>
/// <param name="Told">Sample at which the monitor had decided; the start where a person annotated.</param>
internal readonly record struct Episode(long Start, long End, long Told)
{
    public long Length => End - Start;

    /// <summary>Samples that both cover.</summary>
    public long Overlap(Episode other) => Math.Max(0, Math.Min(End, other.End) - Math.Max(Start, other.Start));

    /// <summary>The part within a span; null when nothing of it is.</summary>
    public Episode? Within(long start, long end) => Math.Max(Start, start) < Math.Min(End, end)
        ? new Episode(Math.Max(Start, start), Math.Min(End, end), Told)
        : null;
}
