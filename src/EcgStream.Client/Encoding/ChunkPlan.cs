using EcgStream.Core.Signals;

namespace EcgStream.Client.Encoding;

/// <summary>Cuts a recording into chunks of one length, the last ones so that none is shorter than a chunk may be.</summary>
public readonly record struct ChunkPlan
{
    private readonly int _samples;
    private readonly int _perChunk;
    private readonly int _minimum;

    /// <param name="samples">Samples per lead of the recording.</param>
    /// <param name="sampleRateHz">Samples per second and lead.</param>
    /// <param name="chunk">Wanted length, 20 ms to 2 s.</param>
    /// <exception cref="ArgumentException">The length is out of bounds, or the recording is shorter than the shortest chunk.</exception>
    public ChunkPlan(int samples, double sampleRateHz, TimeSpan chunk)
    {
        if (chunk.TotalSeconds is < ChunkLimits.MinSeconds or > ChunkLimits.MaxSeconds)
        {
            throw new ArgumentException(FormattableString.Invariant($"A chunk of {chunk.TotalMilliseconds} ms was asked for; a chunk is {ChunkLimits.MinSeconds} to {ChunkLimits.MaxSeconds} s."), nameof(chunk));
        }

        _minimum = (int)Math.Ceiling(ChunkLimits.MinSeconds * sampleRateHz);
        var longest = (int)Math.Floor(ChunkLimits.MaxSeconds * sampleRateHz);
        _perChunk = Math.Clamp((int)Math.Round(chunk.TotalSeconds * sampleRateHz), _minimum, longest);
        _samples = samples;
        if (samples < _minimum)
        {
            throw new ArgumentException(FormattableString.Invariant($"The recording has {samples} samples; one chunk needs {_minimum} at least."), nameof(samples));
        }
    }

    /// <summary>Length of the chunk that starts at <paramref name="start"/>.</summary>
    public int LengthAt(int start)
    {
        var left = _samples - start;
        if (left <= _perChunk)
        {
            return left;
        }

        // A rest too short to travel alone shares with the chunk before it, or goes with it where both together are too short to part.
        var rest = left - _perChunk;
        return rest >= _minimum ? _perChunk
            : left < 2 * _minimum ? left
            : left - Math.Max(_minimum, left / 2);
    }
}
