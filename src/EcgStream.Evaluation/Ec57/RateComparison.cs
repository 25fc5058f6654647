namespace EcgStream.Evaluation.Ec57;

/// <summary>Error of a measurement series as the standard's comparator (mxm of WFDB) states it: each test value against the reference's nearest in time.</summary>
/// <param name="Count">Test values compared.</param>
/// <param name="MeanReference">Mean of the reference values that they were compared with.</param>
/// <param name="RootMeanSquare">Error in beats per minute.</param>
internal readonly record struct RateComparison(int Count, double MeanReference, double RootMeanSquare)
{
    /// <summary>Root mean square error in percent of the mean reference; null when nothing was compared.</summary>
    public double? NormalizedPercent => Count > 0 && MeanReference > 0 ? 100 * RootMeanSquare / MeanReference : null;

    public static RateComparison Compare(IReadOnlyList<RateMeasurement> reference, IReadOnlyList<RateMeasurement> test, ScoredSpan span)
    {
        if (reference.Count == 0)
        {
            return default;
        }

        int count = 0, next = 0;
        double references = 0, errors = 0;
        foreach (var measurement in test)
        {
            if (measurement.At < span.Start || measurement.At > span.End)
            {
                continue;
            }

            while (next < reference.Count && reference[next].At < measurement.At)
            {
                next++;
            }

            var isEarlierNearer = next == reference.Count || (next > 0 && measurement.At - reference[next - 1].At < reference[next].At - measurement.At);
            var nearest = reference[isEarlierNearer ? next - 1 : next].BeatsPerMinute;
            references += nearest;
            errors += (nearest - measurement.BeatsPerMinute) * (nearest - measurement.BeatsPerMinute);
            count++;
        }

        return count == 0 ? default : new RateComparison(count, references / count, Math.Sqrt(errors / count));
    }
}
