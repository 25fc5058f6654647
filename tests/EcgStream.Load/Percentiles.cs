using HdrHistogram;

namespace EcgStream.Load;

/// <summary>
/// Percentiles of times of a run, to three digits, in the memory of one histogram. Any thread adds. A time below zero, of clocks that
/// differ, counts as zero; one over an hour as an hour.
/// </summary>
internal sealed class Percentiles
{
    private const long MaxMicroseconds = 3_600_000_000;
    private const double MicrosecondsPerMillisecond = 1000;
    private readonly LongConcurrentHistogram _times = new(1, MaxMicroseconds, 3);

    public void Add(double milliseconds) =>
        _times.RecordValue((long)Math.Clamp(milliseconds * MicrosecondsPerMillisecond, 0, MaxMicroseconds));

    /// <summary>Milliseconds that this share of the times does not exceed; NaN when there are none.</summary>
    public double At(double share) => _times.TotalCount == 0 ? double.NaN : _times.GetValueAtPercentile(share * 100) / MicrosecondsPerMillisecond;
}
