using System.Numerics;

namespace EcgStream.Simulator.Synth;

/// <summary>
/// The xoshiro256** generator of Blackman and Vigna (ACM TOMS 47:36, 2021), seeded by splitmix64. Written here because the
/// sequence of <see cref="Random"/> may change between runtimes, and the same spec must give the same samples. One thread at a time.
/// </summary>
internal sealed class SynthRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private double _spare = double.NaN;

    /// <param name="seed">The spec's seed.</param>
    /// <param name="stream">Which of the independent sequences of that seed.</param>
    public SynthRandom(ulong seed, ulong stream)
    {
        var state = seed ^ (stream * 0xD1B54A32D192ED03UL);
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Uniform(double min, double max) => min + ((max - min) * Uniform());

    /// <summary>Standard normal, by the polar method.</summary>
    public double Normal()
    {
        if (!double.IsNaN(_spare))
        {
            var kept = _spare;
            _spare = double.NaN;
            return kept;
        }

        double u, v, square;
        do
        {
            u = Uniform(-1, 1);
            v = Uniform(-1, 1);
            square = (u * u) + (v * v);
        }
        while (square is >= 1 or 0);

        var factor = Math.Sqrt(-2 * Math.Log(square) / square);
        _spare = v * factor;
        return u * factor;
    }

    /// <summary>Normal with the given deviation, cut at <paramref name="limit"/> deviations.</summary>
    public double Normal(double deviation, double limit) => deviation * Math.Clamp(Normal(), -limit, limit);

    private ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
