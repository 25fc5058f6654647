using EcgStream.Core.Signals;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Tests.Synth;

public sealed class RhythmTests
{
    [Theory]
    [InlineData(RhythmKind.Sinus, 55, 95, "(N")]
    [InlineData(RhythmKind.Bradycardia, 30, 45, "(SBR")]
    [InlineData(RhythmKind.Tachycardia, 130, 170, "(STACH")]
    public void Rate_OfSinusRhythms_IsInRangeAndNearlyRegular(RhythmKind rhythm, double low, double high, string code)
    {
        for (ulong seed = 1; seed <= 25; seed++)
        {
            var truth = SynthRuns.Make(new SynthSpec { Rhythm = rhythm, Seed = seed, Leads = [Lead.II] }, 60).Truth;
            var rr = truth.Rr(500);
            Assert.InRange(60 / rr.Average(), low, high);
            Assert.InRange(SynthRuns.Deviation(rr) / rr.Average(), 0.003, 0.06);
            Assert.Equal([new TruthRhythm(0, code)], truth.Rhythms);
        }
    }

    [Fact]
    public void SinusRr_HasItsTwoSpectralPeaks()
    {
        // Power of the RR series around 0.1 Hz and at breathing's pace, against the gap between them.
        double mayer = 0, gap = 0, breath = 0;
        for (ulong seed = 1; seed <= 12; seed++)
        {
            var rr = SynthRuns.Make(new SynthSpec { Seed = seed, Leads = [Lead.II], HeartRateBpm = 60 }, 400).Truth.Rr(500);
            var series = Array.ConvertAll(rr, value => (float)(value - rr.Average()));
            mayer += Band(0.09, 0.11);
            gap += Band(0.135, 0.155);
            breath += Band(0.18, 0.32);

            double Band(double from, double to) => Enumerable.Range(0, 15).Max(i => SynthRuns.PowerAt(series, from + ((to - from) * i / 14), 1));
        }

        Assert.True(mayer > 2 * gap, $"{mayer} against {gap}");
        Assert.True(breath > 2 * gap, $"{breath} against {gap}");
    }

    [Fact]
    public void AtrialFibrillation_IsIrregularAndHasNoPWave()
    {
        for (ulong seed = 1; seed <= 15; seed++)
        {
            var fibrillation = SynthRuns.Make(new SynthSpec { Rhythm = RhythmKind.AtrialFibrillation, Seed = seed, HeartRateBpm = 75, Noise = NoiseSpec.None }, 120);
            var rr = fibrillation.Truth.Rr(500);
            Assert.InRange(SynthRuns.Deviation(rr) / rr.Average(), 0.14, 0.35);
            Assert.True(rr.Min() >= 0.29);
            var differences = rr.Zip(rr.Skip(1), (one, next) => next - one);
            Assert.True(SynthRuns.Deviation(differences) > 0.1);
            Assert.Equal("(AFIB", Assert.Single(fibrillation.Truth.Rhythms).Code);

            // The mean over all beats keeps what is locked to the beat: a P wave, not the f-waves.
            var sinus = SynthRuns.Make(new SynthSpec { Seed = seed, HeartRateBpm = 75, Noise = NoiseSpec.None }, 120);
            Assert.True(PHeight(sinus) > 0.04, $"seed {seed}: sinus P {PHeight(sinus)}");
            Assert.True(PHeight(fibrillation) < 0.6 * PHeight(sinus), $"seed {seed}: P {PHeight(fibrillation)} in fibrillation, {PHeight(sinus)} in sinus rhythm");
        }

        static double PHeight((float[][] Leads, TruthList Truth) run)
        {
            var beat = SynthRuns.MeanBeat(run.Lead(Lead.II), run.Truth, 100, 10);
            return beat[10..75].Max() - beat[70..80].Average();
        }
    }

    [Fact]
    public void FWaves_AreBetweenFourAndNineHertz()
    {
        var run = SynthRuns.Make(new SynthSpec { Rhythm = RhythmKind.AtrialFibrillation, Seed = 8, HeartRateBpm = 40, Noise = NoiseSpec.None }, 60);
        var quiet = run.Truth.Beats.Zip(run.Truth.Beats.Skip(1))
            .Where(pair => pair.Second.Sample - pair.First.Sample > 600 && pair.Second.Sample < 29_000)
            .Select(pair => run.Lead(Lead.V1).AsSpan((int)pair.First.Sample + 270, 260).ToArray());
        var power = Enumerable.Range(4, 24).ToDictionary(half => half / 2.0, half => quiet.Sum(part => SynthRuns.PowerAt(Centred(part), half / 2.0, 500)));
        Assert.InRange(power.MaxBy(pair => pair.Value).Key, 4, 9);
    }

    [Fact]
    public void PrematureBeats_ComeEarlyWideAndWithAPause()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var run = SynthRuns.Make(new SynthSpec { Rhythm = RhythmKind.PrematureVentricular, Seed = seed, PvcPerMinute = 10, Noise = NoiseSpec.None }, 240);
            var beats = run.Truth.Beats;
            var rr = run.Truth.Rr(500);
            var sinus = rr.Order().ElementAt(rr.Length / 2);
            var premature = Enumerable.Range(1, beats.Count - 3).Where(i => beats[i].Class == BeatClass.V).ToList();
            Assert.InRange(premature.Count, 15, 70);
            foreach (var i in premature)
            {
                Assert.True(rr[i - 1] < 0.8 * sinus, $"seed {seed}: coupling {rr[i - 1]} of {sinus}");
                Assert.Equal(2 * sinus, rr[i - 1] + rr[i], 0.15 * sinus);
                Assert.Equal(BeatClass.N, beats[i + 1].Class);
            }

            Assert.True(HalfWidth(BeatClass.V) > 1.5 * HalfWidth(BeatClass.N), $"seed {seed}");
            Discordant(run, premature.Select(i => beats[i].Sample).Where(sample => sample < 119_000).First());

            // Time over which the vector is longer than half its peak, of the mean of that class.
            double HalfWidth(BeatClass of)
            {
                var of10 = beats.Where(beat => beat.Class == of && beat.Sample is > 100 and < 119_000).Take(10).ToList();
                var length = Enumerable.Range(-50, 101).Select(at => of10.Average(beat => Math.Sqrt(run.Leads.Sum(lead => lead[beat.Sample + at] * lead[beat.Sample + at])))).ToArray();
                return length.Count(value => value > length.Max() / 2);
            }
        }

        static void Discordant((float[][] Leads, TruthList Truth) run, long sample)
        {
            var lead = run.Leads.MaxBy(lead => Math.Abs(lead[sample]))!;
            var t = lead.AsSpan((int)sample + 100, 70).ToArray().MaxBy(Math.Abs);
            Assert.True(t * lead[sample] < 0, "T points the same way as QRS");
        }
    }

    [Fact]
    public void PrematureRuns_HaveTheAskedLengthAndTheirOwnRhythmCode()
    {
        var truth = SynthRuns.Make(new SynthSpec { Rhythm = RhythmKind.PrematureVentricular, PvcRunLength = 5, PvcPerMinute = 6, Seed = 2, Leads = [Lead.II] }, 300).Truth;
        var runs = new List<int>();
        foreach (var beat in truth.Beats)
        {
            if (beat.Class == BeatClass.N)
            {
                runs.Add(0);
            }
            else
            {
                runs[^1]++;
            }
        }

        runs.RemoveAt(runs.Count - 1);
        Assert.True(runs.Count(length => length > 0) >= 5);
        Assert.All(runs.Where(length => length > 0), length => Assert.Equal(5, length));
        Assert.Contains(truth.Rhythms, rhythm => rhythm.Code == "(VT");
        Assert.Equal(truth.Rhythms.OrderBy(rhythm => rhythm.Sample), truth.Rhythms);
    }

    [Fact]
    public void Asystole_AfterItsOnset_IsFlatUntilTheEpisodeEnds()
    {
        for (ulong seed = 1; seed <= 15; seed++)
        {
            var spec = new SynthSpec { Rhythm = RhythmKind.Asystole, Seed = seed, Onset = TimeSpan.FromSeconds(10), EpisodeDuration = TimeSpan.FromSeconds(15), Noise = NoiseSpec.None };
            var run = SynthRuns.Make(spec, 40);
            Assert.DoesNotContain(run.Truth.Beats, beat => beat.Sample is >= 5_000 and < 12_500);
            Assert.Contains(run.Truth.Beats, beat => beat.Sample is > 3_500 and < 5_000);
            Assert.Contains(run.Truth.Beats, beat => beat.Sample is >= 12_500 and < 13_500);
            var flat = run.Lead(Lead.V4).AsSpan(5_500, 6_700);
            Assert.True(flat.ToArray().Max() - flat.ToArray().Min() < 0.05f);
            Assert.Equal(["(N", "(ASYS", "(N"], run.Truth.Rhythms.Select(rhythm => rhythm.Code));
            Assert.Equal(5_000, run.Truth.Rhythms[1].Sample);
            Assert.Equal(run.Truth.Rhythms.OrderBy(rhythm => rhythm.Sample), run.Truth.Rhythms);
        }
    }

    [Fact]
    public void VentricularFibrillation_IsAStrongWaveOfFourToSevenHertzWithoutBeats()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var run = SynthRuns.Make(new SynthSpec { Rhythm = RhythmKind.VentricularFibrillation, Seed = seed, Noise = NoiseSpec.None }, 40);
            Assert.DoesNotContain(run.Truth.Beats, beat => beat.Sample >= 6_000);
            Assert.Equal(["(N", "(VFIB"], run.Truth.Rhythms.Select(rhythm => rhythm.Code));
            var wave = run.Lead(Lead.II).AsSpan(7_000, 10_000);
            Assert.InRange(SynthRuns.Deviation(wave.ToArray().Select(sample => (double)sample)), 0.12, 1);
            var power = new Dictionary<double, double>();
            for (var frequency = 0.5; frequency < 20; frequency += 0.1)
            {
                power[frequency] = SynthRuns.PowerAt(wave, frequency, 500);
            }

            Assert.InRange(power.MaxBy(pair => pair.Value).Key, 4, 7);
            Assert.True(power.Where(pair => pair.Key is >= 3.5 and <= 7.5).Sum(pair => pair.Value) > 0.8 * power.Values.Sum());
        }
    }

    [Fact]
    public void Noise_IsAtTheStatedLevels()
    {
        var spec = new SynthSpec { Rhythm = RhythmKind.Asystole, Onset = TimeSpan.Zero, Seed = 3 };
        var emg = SynthRuns.Make(spec with { Noise = new NoiseSpec(0, 50, 0) }, 60).Lead(Lead.I).AsSpan(1000).ToArray();
        Assert.Equal(0.05, SynthRuns.Deviation(emg.Select(sample => (double)sample)), 0.004);
        var hum = SynthRuns.Make(spec with { Noise = new NoiseSpec(0, 0, 40, 60) }, 60).Lead(Lead.I).AsSpan(1000).ToArray();
        Assert.Equal(0.04, SynthRuns.Deviation(hum.Select(sample => (double)sample)), 0.008);
        Assert.True(SynthRuns.PowerAt(hum, 60, 500) > 50 * SynthRuns.PowerAt(hum, 50, 500));
        var levels = Enumerable.Range(1, 10).Select(seed =>
            SynthRuns.Deviation(SynthRuns.Make(spec with { Seed = (ulong)seed, Noise = new NoiseSpec(100, 0, 0) }, 120).Lead(Lead.II).Skip(1000).Select(sample => (double)sample)));
        Assert.InRange(levels.Average(), 0.07, 0.14);
    }

    private static float[] Centred(float[] part)
    {
        var mean = part.Average();
        return Array.ConvertAll(part, sample => sample - mean);
    }
}
