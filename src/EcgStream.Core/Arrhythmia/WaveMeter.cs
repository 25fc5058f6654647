using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Arrhythmia;

/// <summary>
/// Judges the shape of the last 4 s of the leads in use, once a second: ventricular fibrillation and flutter, where no QRS complexes are for the beat
/// detector to find, and wide regular tachycardia. Works on the session's own rings, so nothing is stored and nothing happens per sample. One thread.
/// </summary>
internal sealed class WaveMeter(LeadLayout layout)
{
    public const int RateHz = SampleClock.RateHz / Decimation;
    public const int Seconds = 4;
    public const int Samples = Seconds * RateHz;

    /// <summary>Floats that <see cref="Measure"/> works in.</summary>
    public const int ScratchLength = (Seconds * SampleClock.RateHz) + Samples + Samples + 1;

    // The band ends at 40 Hz: every fourth sample of 500 Hz holds it all.
    private const int Decimation = 4;

    // Fibrillation is in every lead; three say as much as twelve and cost a quarter.
    private const int MostLeads = 3;

    // What moves less is no wave of the ventricles, coarse or fine, that could be told from noise.
    private const double LeastMillivolts = 0.12;

    // A wave that repeats itself is tachycardia under this rate and flutter above it.
    private const double FlutterBpm = 200;

    /// <summary>The features of the last lead that was looked at, for whoever studies them.</summary>
    internal WaveFeatures[] LastFeatures { get; } = new WaveFeatures[MostLeads];

    /// <param name="rings">The filtered signal.</param>
    /// <param name="now">Samples of the session so far.</param>
    /// <param name="gaps">Stretches of it, oldest first, that hold no signal: they are left out.</param>
    /// <param name="endUnixNs">Device clock at the newest sample.</param>
    /// <param name="usable">Carried leads (bits) to look at.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/>.</param>
    public WaveMeasure Measure(SampleRings rings, long now, ReadOnlySpan<(long From, long To)> gaps, long endUnixNs, uint usable, Span<float> scratch)
    {
        const int Full = Seconds * SampleClock.RateHz;
        var reach = Reach(Full, now, gaps);

        var signal = scratch[..Full];
        var x = scratch.Slice(Full, Samples);
        var rest = scratch[(Full + Samples)..];
        var judged = 0;
        double fibrillation = 1, wide = 0, rate = 0, amplitude = 0;
        for (var lane = 0; lane < layout.Carried.Count && judged < MostLeads; lane++)
        {
            if ((usable & layout.Carried[lane].Bit()) == 0 || rings.Count(lane) < reach)
            {
                continue;
            }

            Copy(rings, lane, now, gaps, signal);
            for (var i = 0; i < Samples; i++)
            {
                x[i] = signal[i * Decimation];
            }

            var features = WaveFeatures.Of(x, rest);
            LastFeatures[judged] = features;
            amplitude = Math.Max(amplitude, features.PeakToPeak);
            if (features.PeakToPeak < LeastMillivolts)
            {
                continue; // a lead that shows nothing says nothing
            }

            judged++;
            var wideHere = WideOf(features);
            fibrillation = Math.Min(fibrillation, FibrillationOf(features) * (60 / features.PeriodSeconds < FlutterBpm ? 1 - wideHere : 1));
            (wide, rate) = wideHere > wide ? (wideHere, 60 / features.PeriodSeconds) : (wide, rate);
        }

        return amplitude == 0 ? default : judged == 0
            ? new WaveMeasure(endUnixNs, 0, 0, 0, (float)amplitude, 0)
            : new WaveMeasure(endUnixNs, (float)fibrillation, (float)wide, (float)rate, (float)amplitude, judged);
    }

    // How far back the last so many samples of signal reach.
    private static long Reach(int samples, long now, ReadOnlySpan<(long From, long To)> gaps)
    {
        var reach = (long)samples;
        for (var index = gaps.Length - 1; index >= 0 && now - gaps[index].To < reach; index--)
        {
            reach += gaps[index].To - gaps[index].From;
        }

        return reach;
    }

    // The newest samples without the gaps; what lies before a gap is brought to the level behind it, so that no step stands between.
    private static void Copy(SampleRings rings, int lane, long now, ReadOnlySpan<(long From, long To)> gaps, Span<float> target)
    {
        var end = now;
        var behind = 0f;
        for (var index = gaps.Length - 1; index >= -1 && !target.IsEmpty; index--)
        {
            var take = index < 0 ? target.Length : (int)Math.Min(target.Length, end - gaps[index].To);
            var piece = target[^take..];
            rings.Copy(lane, (int)(now - end), piece);
            if (end != now && take > 0)
            {
                var step = behind - piece[^1];
                foreach (ref var sample in piece)
                {
                    sample += step;
                }
            }

            behind = take > 0 ? piece[0] : behind;
            target = target[..^take];
            end = index < 0 ? end : gaps[index].From;
        }
    }

    // Soft borders of each measure; a wave must pass all of them. Set on synthetic signals and records of the tuning halves only.
    private static double FibrillationOf(in WaveFeatures f) =>
        Below(f.Leakage, 0.55, 0.85) * Between(f.Hertz, 1.8, 2.6, 8, 10) * Above(f.Occupancy, 0.35, 0.5) * Below(f.Steepness, 3.6, 5) * Above(f.Evenness, 0.2, 0.4);

    private static double WideOf(in WaveFeatures f) =>
        Above(f.Occupancy, 0.35, 0.5) * Above(f.Periodicity, 0.6, 0.8) * Below(f.Hertz, 8, 10) * Below(f.Steepness, 4.5, 6) * Above(f.Evenness, 0.4, 0.6);

    private static double Above(double value, double none, double full) => Math.Clamp((value - none) / (full - none), 0, 1);

    private static double Below(double value, double full, double none) => Math.Clamp((none - value) / (none - full), 0, 1);

    private static double Between(double value, double none, double full, double fullEnd, double noneEnd) =>
        Math.Min(Above(value, none, full), Below(value, fullEnd, noneEnd));
}
