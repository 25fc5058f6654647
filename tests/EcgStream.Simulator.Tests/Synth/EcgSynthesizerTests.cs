using EcgStream.Core.Signals;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Tests.Synth;

public sealed class EcgSynthesizerTests
{
    public static TheoryData<RhythmKind> AllRhythms => [.. Enum.GetValues<RhythmKind>()];

    [Theory]
    [MemberData(nameof(AllRhythms))]
    public void Read_EveryRhythm_GivesFiniteMillivoltsOfAHeart(RhythmKind rhythm)
    {
        var run = SynthRuns.Make(new SynthSpec { Rhythm = rhythm, Seed = 11, Noise = NoiseSpec.Ambulatory, PvcRunLength = 4 }, 40);
        Assert.All(run.Leads, lead => Assert.All(lead, sample => Assert.True(Math.Abs(sample) < 6, $"{sample} mV")));
        Assert.True(run.Lead(Lead.II).Max() > 0.2);
    }

    [Fact]
    public void Read_InOtherChunks_GivesTheSameSamplesAndTruth()
    {
        var spec = new SynthSpec { Rhythm = RhythmKind.PrematureVentricular, Seed = 5, Noise = NoiseSpec.Ambulatory };
        var whole = SynthRuns.Make(spec, 20);
        var truth = new TruthList();
        var synthesizer = new EcgSynthesizer(spec, truth);
        var lengths = new Random(3);
        for (var start = 0; start < 10_000;)
        {
            var length = Math.Min(lengths.Next(1, 700), 10_000 - start);
            var chunk = new float[12 * length];
            synthesizer.Read(chunk, length);
            for (var lead = 0; lead < 12; lead++)
            {
                Assert.Equal(whole.Leads[lead][start..(start + length)], chunk[(lead * length)..((lead + 1) * length)]);
            }

            start += length;
        }

        Assert.Equal(whole.Truth.Beats, truth.Beats);
        Assert.Equal(whole.Truth.Rhythms, truth.Rhythms);
    }

    [Fact]
    public void Read_AnotherSeed_IsAnotherPatient()
    {
        var one = SynthRuns.Make(new SynthSpec { Seed = 1, Noise = NoiseSpec.None }, 10);
        var other = SynthRuns.Make(new SynthSpec { Seed = 2, Noise = NoiseSpec.None }, 10);
        Assert.NotEqual(one.Truth.Beats, other.Truth.Beats);
        Assert.NotEqual(one.Lead(Lead.V2).Max(), other.Lead(Lead.V2).Max());
    }

    [Fact]
    public void Read_MoreNoise_LeavesTheBeatsWhereTheyAre()
    {
        var quiet = SynthRuns.Make(new SynthSpec { Seed = 9, Noise = NoiseSpec.None }, 20);
        var loud = SynthRuns.Make(new SynthSpec { Seed = 9, Noise = NoiseSpec.Ambulatory }, 20);
        Assert.Equal(quiet.Truth.Beats, loud.Truth.Beats);
    }

    [Fact]
    public void Read_SteadyState_AllocatesNothing()
    {
        foreach (var rhythm in Enum.GetValues<RhythmKind>())
        {
            var synthesizer = new EcgSynthesizer(new SynthSpec { Rhythm = rhythm, PvcRunLength = 3 });
            var chunk = new float[12 * 125];
            synthesizer.Read(chunk, 125);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 400; i++)
            {
                synthesizer.Read(chunk, 125);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Truth_OfNormalBeats_LiesOnThePeakOfTheHeartsVector()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var run = SynthRuns.Make(new SynthSpec { Seed = seed, Noise = NoiseSpec.None }, 20);
            foreach (var beat in run.Truth.Beats.Where(beat => beat.Sample is > 50 and < 9_900))
            {
                var peak = Enumerable.Range((int)beat.Sample - 40, 81).MaxBy(i => run.Leads.Sum(lead => lead[i] * lead[i]));
                Assert.True(Math.Abs(peak - beat.Sample) <= 9, $"seed {seed}: peak {peak - beat.Sample} samples from the truth at {beat.Sample}");
            }
        }
    }

    [Fact]
    public void Read_TwelveLeads_FulfilEinthovenAndGoldberger()
    {
        var run = SynthRuns.Make(new SynthSpec { Seed = 4, Noise = NoiseSpec.Ambulatory }, 5);
        var (one, two) = (run.Lead(Lead.I), run.Lead(Lead.II));
        for (var i = 0; i < one.Length; i++)
        {
            Assert.Equal(two[i] - one[i], run.Lead(Lead.III)[i], 1e-5f);
            Assert.Equal(-(one[i] + two[i]) / 2, run.Lead(Lead.AVR)[i], 1e-5f);
            Assert.Equal(one[i] - (two[i] / 2), run.Lead(Lead.AVL)[i], 1e-5f);
            Assert.Equal(two[i] - (one[i] / 2), run.Lead(Lead.AVF)[i], 1e-5f);
        }
    }

    [Fact]
    public void Read_OneLead_IsThatLeadOfTheTwelve()
    {
        var spec = new SynthSpec { Seed = 6, Noise = NoiseSpec.Resting };
        var twelve = SynthRuns.Make(spec, 5);
        var one = SynthRuns.Make(spec with { Leads = [Lead.Ecg] }, 5);
        Assert.Equal(twelve.Lead(Lead.II), one.Leads[0]);
    }

    [Theory]
    [InlineData(99.9)]
    [InlineData(1001)]
    [InlineData(double.NaN)]
    public void Constructor_SampleRateOutOfBounds_NamesTheLimit(double rate)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new EcgSynthesizer(new SynthSpec { SampleRateHz = rate }));
        Assert.Contains("100 to 1000 Hz", error.Message, StringComparison.Ordinal);
    }
}
