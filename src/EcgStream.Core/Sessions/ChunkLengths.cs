using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>How long a session's chunks are, and so what the missing ones held. One thread.</summary>
internal sealed class ChunkLengths
{
    private double _sum;
    private long _count;
    private int _least = int.MaxValue;
    private int _most;

    public void Add(int samples)
    {
        _sum += samples;
        _count++;
        _least = Math.Min(_least, samples);
        _most = Math.Max(_most, samples);
    }

    /// <summary>
    /// Input samples that missing chunks held. Devices send chunks of one length, or of two that differ by a sample: then their number tells it, whatever the stamps
    /// do. Else the stamps tell, as far as chunks can be so long.
    /// </summary>
    /// <param name="chunks">Missing numbers.</param>
    /// <param name="next">Samples of the chunk behind them.</param>
    /// <param name="stamped">Samples that are missing by the stamps.</param>
    /// <param name="rateHz">Of the samples.</param>
    public long Lost(long chunks, int next, double stamped, double rateHz)
    {
        // More than a year of any rate is as good as one.
        const double Most = 3.2e10;
        var mean = (_sum + next) / (_count + 1);
        var counted = Math.Min(Most, chunks * mean);
        var varies = Math.Max(_most, next) - Math.Min(_least, next) > 1;
        var possible = stamped >= chunks * ChunkLimits.MinSeconds * rateHz && stamped <= chunks * ChunkLimits.MaxSeconds * rateHz;
        return Math.Max(1, (long)Math.Round(varies && possible ? Math.Min(Most, stamped) : counted));
    }
}
