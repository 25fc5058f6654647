namespace EcgStream.Core.Sessions;

/// <summary>
/// Offset and drift of a device's clock against the daemon's. A chunk comes in after its last sample by at least the true offset plus the way through the network,
/// so the least difference of each 10 s is the best one; the offset is the least of the last minute, the drift the slope through up to 32 of them. One thread.
/// </summary>
internal sealed class ClockEstimator
{
    private const long BucketNs = 10_000_000_000;
    private const int Buckets = 32;
    private const int OffsetBuckets = 6;
    private const int LeastForDrift = 6;

    private readonly long[] _least = new long[Buckets];
    private readonly long[] _when = new long[Buckets];
    private int _count;
    private int _newest = -1;
    private long _bucketStart;

    public void Reset()
    {
        _count = 0;
        _newest = -1;
    }

    /// <summary>Daemon clock minus device clock, the least way through the network included; null before the first chunk.</summary>
    public long? OffsetNs
    {
        get
        {
            if (_count == 0)
            {
                return null;
            }

            var least = long.MaxValue;
            for (var back = 0; back < Math.Min(_count, OffsetBuckets); back++)
            {
                least = Math.Min(least, _least[(_newest - back + Buckets) % Buckets]);
            }

            return least;
        }
    }

    /// <summary>How much faster the daemon's clock runs, in parts per million; null before a minute has passed.</summary>
    public double? DriftPpm
    {
        get
        {
            if (_count < LeastForDrift)
            {
                return null;
            }

            var oldest = (_newest - _count + 1 + Buckets) % Buckets;
            double sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
            for (var step = 0; step < _count; step++)
            {
                var index = (oldest + step) % Buckets;
                double x = _when[index] - _when[oldest];
                double y = _least[index] - _least[oldest];
                sumX += x;
                sumY += y;
                sumXX += x * x;
                sumXY += x * y;
            }

            var spread = (_count * sumXX) - (sumX * sumX);
            return spread > 0 ? ((_count * sumXY) - (sumX * sumY)) / spread * 1e6 : null;
        }
    }

    public void Add(long deviceEndUnixNs, long ingestUnixNs)
    {
        var difference = ingestUnixNs - deviceEndUnixNs;
        if (_newest < 0 || deviceEndUnixNs - _bucketStart >= BucketNs || deviceEndUnixNs < _bucketStart)
        {
            _newest = (_newest + 1) % Buckets;
            _count = Math.Min(Buckets, _count + 1);
            _bucketStart = deviceEndUnixNs;
            _least[_newest] = difference;
            _when[_newest] = deviceEndUnixNs;
        }
        else if (difference < _least[_newest])
        {
            _least[_newest] = difference;
            _when[_newest] = deviceEndUnixNs;
        }
    }
}
