using EcgStream.Core.Signals;
using EcgStream.Evaluation.Pipeline;

namespace EcgStream.Evaluation.Tests.BadInput;

/// <summary>What the pipeline is to make of bad signals, one expectation each. Nothing here may ever become an asystole but a flat line under connected electrodes.</summary>
public sealed class BadInputTests
{
    private const uint Both = (1u << (int)Lead.II) | (1u << (int)Lead.V1);

    [Fact]
    public void FlatLine_ElectrodesOn_NoBeatsFlatNoRateAndAnalysable()
    {
        var signal = new MadeSignal(60, 75).Change(20, 40, (_, _) => 0);
        var sink = signal.Run();

        Assert.DoesNotContain(MadeSignal.Seconds(sink), second => second is > 20.3 and < 40);
        Assert.All(sink.Vitals[22..39], second => Assert.Equal(Both, second.Quality.Flat & Both));
        Assert.All(sink.Vitals[25..39], second => Assert.Null(second.HeartRateBpm));

        // A flat line under connected electrodes may be a standstill: the rule must be able to see it.
        Assert.NotNull(sink.Status[5 * 35].AnalysableSinceUnixNs);
        signal.AssertFound(sink, 42, 58);
    }

    [Fact]
    public void LeadOff_FlatOrWild_IsNeverAnalysableSoNeverAsystole()
    {
        var random = new Random(3);
        var signal = new MadeSignal(60, 75).Change(20, 30, (_, _) => 0).Change(30, 40, (_, _) => 20 * (random.NextDouble() - 0.5));

        // RA and V1 off takes both leads.
        var sink = signal.Run(second => second is >= 20 and < 40 ? 0b10001u : 0);

        Assert.DoesNotContain(MadeSignal.Seconds(sink), second => second is > 20.3 and < 40);
        Assert.All(sink.Status[204..396], status => Assert.Null(status.AnalysableSinceUnixNs));
        Assert.All(sink.Status[204..396], status => Assert.True(status.AllLeadsOff));
        Assert.True(sink.Status[10 * 45].AnalysableSinceUnixNs >= RunOptions.StartUnixNs + 40_000_000_000);
        signal.AssertFound(sink, 43, 58);
    }

    [Fact]
    public void Saturation_AtTheRail_NoBeatsSaturatedAndNotAnalysable()
    {
        var signal = new MadeSignal(60, 75).Change(20, 40, (_, _) => 1000);
        var sink = signal.Run();

        // Going to the rail and coming back may each look like one beat.
        Assert.DoesNotContain(MadeSignal.Seconds(sink), second => second is > 20.5 and < 39.9);
        Assert.All(sink.Vitals[21..39], second => Assert.Equal(Both, second.Quality.Saturated & Both));
        Assert.All(sink.Status[204..396], status => Assert.Null(status.AnalysableSinceUnixNs));
        signal.AssertFound(sink, 46, 58);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(60)]
    public void Mains_OfOneMillivolt_ChangesNoBeatAndIsCalledNoisy(double hertz)
    {
        var signal = new MadeSignal(60, 75).Change(10, 60, (sample, value) => value + (0.5 * Math.Sin(2 * Math.PI * hertz * sample / MadeSignal.Rate)));
        var sink = signal.Run();

        signal.AssertFound(sink, 3, 58);
        Assert.All(sink.Vitals[12..58], second => Assert.Equal(Both, second.Quality.Noisy & Both));
    }

    [Fact]
    public void MovementOfOneElectrode_WavesOfThreeMillivoltsBetweenBeats_AreNoBeatsWhereTheOtherLeadShowsNone()
    {
        var signal = new MadeSignal(60, 75);
        foreach (var beat in signal.Beats.Where((second, index) => second is > 15 and < 50 && index % 3 == 0))
        {
            signal.Change(beat + 0.35, beat + 0.45, (sample, value) => value + (3 * Math.Sin(2 * Math.PI * ((double)sample / MadeSignal.Rate - beat - 0.35) / 0.1)), only: 1);
        }

        signal.AssertFound(signal.Run(), 3, 58);
    }

    [Theory]
    [InlineData(2, 0.1)]
    [InlineData(-2, 2)]
    [InlineData(20, 0.5)]
    [InlineData(-20, 2)]
    [InlineData(700, 0.1)]
    [InlineData(-700, 0.5)]
    [InlineData(700, 2)]
    [InlineData(-700, 2)]
    public void PacingSpikes_BeforeEachQrs_RateIsThatOfTheBeats(double millivolts, double milliseconds)
    {
        // At 500 Hz a pulse shorter than a sample shows as one sample with its area; the front end clips what it cannot hold.
        var height = millivolts * Math.Min(1, milliseconds / 2);
        var signal = new MadeSignal(60, 75);
        foreach (var beat in signal.Beats)
        {
            var at = (int)((beat - 0.06) * MadeSignal.Rate);
            signal.Change((at + 0.5) / MadeSignal.Rate, (at + 1.5) / MadeSignal.Rate, (_, value) => value + height);
        }

        var sink = signal.Run();
        double[] found = [.. MadeSignal.Seconds(sink).Where(second => second is > 4.8 and < 57.6)];

        Assert.Equal(signal.Beats.Count(second => second is > 4.8 and < 57.6), found.Length);
        Assert.InRange(sink.Vitals[55].HeartRateBpm!.Value, 74, 76);
    }

    [Theory]
    [InlineData(2, 0.1)]
    [InlineData(-2, 0.5)]
    public void PacingSpikes_WithoutCapture_SmallOnesAreNoBeats(double millivolts, double milliseconds)
    {
        var height = millivolts * Math.Min(1, milliseconds / 2);
        var signal = new MadeSignal(60, 75).Change(20, 40, (sample, value) => (sample % 400 == 0 ? height : 0) + (0.01 * Math.Sin(sample / 40.0)));
        var sink = signal.Run();

        Assert.DoesNotContain(MadeSignal.Seconds(sink), second => second is > 20.4 and < 39.9);
    }

    [Fact]
    public void PacingSpikes_WithoutCaptureThatRing_AreNoBeats()
    {
        // As a linear-phase filter leaves them: 40 Hz under a bell of 10 ms, every 0.87 s.
        var signal = new MadeSignal(60, 75).Change(20, 40, (sample, _) =>
        {
            var since = ((sample % 435) - 217) / (double)MadeSignal.Rate;
            return (3 * Math.Cos(2 * Math.PI * 40 * since) * Math.Exp(-0.5 * Math.Pow(since / 0.01, 2))) + (0.01 * Math.Sin(sample / 40.0));
        });

        Assert.DoesNotContain(MadeSignal.Seconds(signal.Run()), second => second is > 20.4 and < 39.9);
    }

    [Fact]
    public void LeadReversal_EverythingUpsideDown_FindsTheSameBeats()
    {
        var signal = new MadeSignal(60, 75).Change(0, 60, (_, value) => -value);

        signal.AssertFound(signal.Run(), 3, 58);
    }

    [Fact]
    public void LeadReversal_InTheMiddle_LosesNoBeat()
    {
        var signal = new MadeSignal(60, 75).Change(30, 60, (_, value) => -value);

        signal.AssertFound(signal.Run(), 3, 58);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(45)]
    [InlineData(200)]
    [InlineData(250)]
    [InlineData(300)]
    public void RateAtTheEnds_IsMeasuredWithinEc13(double beatsPerMinute)
    {
        var signal = new MadeSignal(60, beatsPerMinute);
        var sink = signal.Run();

        signal.AssertFound(sink, 5, 57);

        // EC13: within a tenth or 5 per minute, whichever is more; the meter does far better on a regular rhythm.
        Assert.InRange(sink.Vitals[50].HeartRateBpm!.Value, beatsPerMinute * 0.98, beatsPerMinute * 1.02);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(0.9)]
    [InlineData(1.2)]
    public void TallTWaves_UpTo1200Microvolts_AreNotCounted(double millivolts)
    {
        // EC13: QRS of 1 mV, T of 180 ms, QT of 350 ms, 80 per minute.
        var signal = new MadeSignal(60, 80, tMillivolts: millivolts);
        var sink = signal.Run();

        signal.AssertFound(sink, 5, 58);
        Assert.InRange(sink.Vitals[50].HeartRateBpm!.Value, 79, 81);
    }

    [Fact]
    public void QrsUnderTheLeastOfEc13_IsNotCounted()
    {
        // 0.15 mV or less must not be counted where nothing else is there (a blocked P wave is no beat).
        var sink = new MadeSignal(60, 75, qrsMillivolts: 0.1, tMillivolts: 0).Run();

        Assert.Empty(sink.Beats);
    }

    [Fact]
    public void OneLeadOff_TheOtherGoesOn()
    {
        var signal = new MadeSignal(60, 75);
        var sink = signal.Run(second => second is >= 20 and < 40 ? 0b10000u : 0);

        signal.AssertFound(sink, 3, 58);
        Assert.All(sink.Status[204..396], status => Assert.NotNull(status.AnalysableSinceUnixNs));
        Assert.Equal(1u << (int)Lead.V1, sink.Status[300].LeadsOff);
    }
}
