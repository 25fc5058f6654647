namespace EcgStream.Core.Signals;

/// <summary>
/// The filter of a resampler: a Kaiser-windowed sinc, cut into one set of taps per output phase. Immutable, shared by all sessions of a rate.
/// </summary>
internal sealed class PolyphaseTable
{
    /// <summary>Input samples under one output sample; with <see cref="Beta"/> the passband is flat to 0.42 of the lower rate and 60 dB down at 0.58.</summary>
    public const int Taps = 24;

    private const double Beta = 5.65;

    // At most a tenth of a megabyte per table. Devices of a hospital have few rates; one more than this has a table of its own.
    private const int MaxShared = 16;

    private static readonly Lock Gate = new();
    private static readonly List<PolyphaseTable> Shared = [];

    private readonly int _phases;
    private readonly double _cutoff;
    private readonly double[] _taps;

    private PolyphaseTable(int phases, double cutoff)
    {
        _phases = phases;
        _cutoff = cutoff;
        _taps = new double[phases * Taps];
        for (var phase = 0; phase < phases; phase++)
        {
            Fill(_taps.AsSpan(phase * Taps, Taps), phase / (double)phases, cutoff);
        }
    }

    /// <summary>Taps of one phase, for the input samples from 11 before to 12 after the one at or before the output's time.</summary>
    public ReadOnlySpan<double> Of(int phase) => _taps.AsSpan(phase * Taps, Taps);

    /// <summary>The table for a rate, shared where one is kept.</summary>
    public static PolyphaseTable For(in ResampleRatio ratio)
    {
        var cutoff = Math.Min(1, (double)ratio.Denominator / ratio.Step);
        lock (Gate)
        {
            foreach (var table in Shared)
            {
                if (table._phases == ratio.Phases && table._cutoff == cutoff)
                {
                    return table;
                }
            }

            var made = new PolyphaseTable(ratio.Phases, cutoff);
            if (Shared.Count < MaxShared)
            {
                Shared.Add(made);
            }

            return made;
        }
    }

    private static void Fill(Span<double> taps, double shift, double cutoff)
    {
        var sum = 0.0;
        for (var tap = 0; tap < Taps; tap++)
        {
            var distance = tap - ((Taps / 2) - 1) - shift;
            var x = Math.PI * cutoff * distance;
            var sinc = Math.Abs(x) < 1e-12 ? 1 : Math.Sin(x) / x;
            var edge = distance / (Taps / 2);
            var window = Math.Abs(edge) >= 1 ? 0 : BesselI0(Beta * Math.Sqrt(1 - (edge * edge)));
            taps[tap] = sinc * window;
            sum += taps[tap];
        }

        // Each phase passes a constant unchanged, or the phases would draw a ripple on a large offset.
        foreach (ref var tap in taps)
        {
            tap /= sum;
        }
    }

    private static double BesselI0(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > 1e-17 * sum; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }
}
