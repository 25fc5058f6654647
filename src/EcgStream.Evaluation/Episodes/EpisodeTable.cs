using EcgStream.Evaluation.Ec57;

namespace EcgStream.Evaluation.Episodes;

/// <summary>Counts and durations of one kind of episode: over one record, or summed over many as the standard's gross figures.</summary>
internal sealed class EpisodeTable
{
    private readonly List<double> _delays = [];

    /// <summary>Episodes of the reference.</summary>
    public int References { get; private set; }

    /// <summary>Of those, the ones that an episode of the test overlaps.</summary>
    public int Found { get; private set; }

    /// <summary>Episodes of the test.</summary>
    public int Tests { get; private set; }

    /// <summary>Of those, the ones that an episode of the reference overlaps.</summary>
    public int True { get; private set; }

    public double ReferenceSeconds { get; private set; }

    public double TestSeconds { get; private set; }

    public double BothSeconds { get; private set; }

    public double ScoredSeconds { get; private set; }

    public Ratio Sensitivity => new(Found, References);

    public Ratio Predictivity => new(True, Tests);

    /// <summary>Percent of the reference's duration that the test covers; null without episodes.</summary>
    public double? DurationSensitivity => ReferenceSeconds > 0 ? 100 * BothSeconds / ReferenceSeconds : null;

    /// <summary>Percent of the test's duration that the reference covers.</summary>
    public double? DurationPredictivity => TestSeconds > 0 ? 100 * BothSeconds / TestSeconds : null;

    public int False => Tests - True;

    /// <summary>False episodes per hour in which the reference has none; null where there is no such time.</summary>
    public double? FalsePerHour => ScoredSeconds - ReferenceSeconds is > 0 and var quiet ? False * 3600.0 / quiet : null;

    /// <summary>Median seconds from the reference's onset to the decision, over the episodes that were found; null without one.</summary>
    public double? MedianDelaySeconds => Quantile(0.5);

    public double? LongestDelaySeconds => Quantile(1);

    /// <summary>Compares what lies within a span; all positions are samples at the rate.</summary>
    /// <param name="leastSeconds">Shorter episodes of the reference are left out with their time: neither missed nor, where the test has them, false.</param>
    public static EpisodeTable Compare(
        IReadOnlyList<Episode> reference, IReadOnlyList<Episode> test, long start, long end, double sampleRateHz, double leastSeconds = 0)
    {
        var references = Within(reference.Where(episode => episode.Length >= leastSeconds * sampleRateHz));
        var leftOut = Within(reference.Where(episode => episode.Length < leastSeconds * sampleRateHz));
        var table = new EpisodeTable { ScoredSeconds = Math.Max(0, end - start - leftOut.Sum(episode => episode.Length)) / sampleRateHz };
        var tests = Within(test);
        foreach (var episode in references)
        {
            var hits = tests.Where(other => other.Overlap(episode) > 0).ToArray();
            table.References++;
            table.ReferenceSeconds += episode.Length / sampleRateHz;
            table.BothSeconds += hits.Sum(hit => hit.Overlap(episode)) / sampleRateHz;
            if (hits.Length > 0)
            {
                table.Found++;
                table._delays.Add(Math.Max(0, hits.Min(hit => hit.Told) - episode.Start) / sampleRateHz);
            }
        }

        foreach (var episode in tests)
        {
            var isTrue = references.Any(other => other.Overlap(episode) > 0);
            var outside = leftOut.Sum(episode.Overlap);
            table.Tests += isTrue || outside == 0 ? 1 : 0;
            table.True += isTrue ? 1 : 0;
            table.TestSeconds += (episode.Length - outside) / sampleRateHz;
        }

        return table;

        Episode[] Within(IEnumerable<Episode> episodes) => [.. episodes.Select(episode => episode.Within(start, end)).OfType<Episode>()];
    }

    public static EpisodeTable Sum(IEnumerable<EpisodeTable> parts)
    {
        var sum = new EpisodeTable();
        foreach (var part in parts)
        {
            sum.References += part.References;
            sum.Found += part.Found;
            sum.Tests += part.Tests;
            sum.True += part.True;
            sum.ReferenceSeconds += part.ReferenceSeconds;
            sum.TestSeconds += part.TestSeconds;
            sum.BothSeconds += part.BothSeconds;
            sum.ScoredSeconds += part.ScoredSeconds;
            sum._delays.AddRange(part._delays);
        }

        return sum;
    }

    private double? Quantile(double share)
    {
        if (_delays.Count == 0)
        {
            return null;
        }

        var sorted = _delays.Order().ToArray();
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
