namespace EcgStream.Formats.Wfdb;

/// <summary>
/// Tells a missing sample from one that only has the same value. The mark of WFDB's formats is their lowest value, which is also that of a signal that clips: a
/// converter that uses the whole range writes it for every sample below it.
/// </summary>
internal static class MissingMarks
{
    /// <summary>Share of the range within which a neighbour of the mark shows that the signal went down to it.</summary>
    private const int NearbyShare = 8;

    /// <summary>A signal that clips stays there for less: the longest that cudb's do without coming near slowly is 234 samples.</summary>
    private const int LongestJump = 500;

    /// <summary>Brings marks of missing samples to <see cref="Recording.MissingSampleLsb"/>, in place, and leaves clipped samples what they are.</summary>
    /// <returns>How many samples are missing, and the first of them.</returns>
    public static (long Count, int First) Apply(Span<short> samples, WfdbSignal signal, WfdbSignalSpec spec)
    {
        long count = 0;
        int first = -1;
        if (signal.Missing is { } mark && samples.Contains(mark))
        {
            (int nearby, int top) = Range(spec, mark);
            bool clips = Clips(samples, mark, nearby, top);
            for (int start = 0; start < samples.Length; start++)
            {
                int end = EndOfRun(samples, start, mark);
                if (end > start && (!clips || (end - start >= LongestJump && !ComesNear(samples, start, end, nearby))))
                {
                    samples[start..end].Fill(Recording.MissingSampleLsb);
                    first = first < 0 ? start : first;
                    count += end - start;
                }
                else
                {
                    // In formats whose lowest value is our mark, a clipped sample moves up by one.
                    samples[start..end].Replace(Recording.MissingSampleLsb, (short)-short.MaxValue);
                }

                start = Math.Max(start, end);
            }
        }

        return (count, first);
    }

    /// <summary>The highest value that is near the mark, and the upper end of the converter's range; nothing is near where the mark lies outside the range.</summary>
    private static (int Nearby, int Top) Range(WfdbSignalSpec spec, short mark)
    {
        int width = WfdbSignalCodec.Bits(spec.Format);
        int bits = spec.AdcResolutionBits > 0 ? Math.Min(spec.AdcResolutionBits, width) : width;
        return WfdbSignalCodec.IsWide(spec.Format) || spec.AdcZero - (1 << (bits - 1)) > mark
            ? (int.MinValue, int.MaxValue)
            : (mark + ((1 << bits) / NearbyShare), spec.AdcZero + (1 << (bits - 1)) - 1);
    }

    // One run that the signal goes down to, or a sample at the upper end of the range, make the lower end a value like any other.
    private static bool Clips(ReadOnlySpan<short> samples, short mark, int nearby, int top)
    {
        for (int start = 0; start < samples.Length; start++)
        {
            int end = EndOfRun(samples, start, mark);
            if (samples[start] == top || (end > start && ComesNear(samples, start, end, nearby)))
            {
                return true;
            }

            start = Math.Max(start, end - 1);
        }

        return false;
    }

    private static int EndOfRun(ReadOnlySpan<short> samples, int start, short mark)
    {
        int end = start;
        while (end < samples.Length && samples[end] == mark)
        {
            end++;
        }

        return end;
    }

    private static bool ComesNear(ReadOnlySpan<short> samples, int start, int end, int nearby) =>
        (start > 0 && samples[start - 1] <= nearby) || (end < samples.Length && samples[end] <= nearby);
}
