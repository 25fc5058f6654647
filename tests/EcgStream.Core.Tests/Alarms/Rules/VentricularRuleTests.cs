using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;

namespace EcgStream.Core.Tests.Alarms.Rules;

public sealed class VentricularRuleTests
{
    private readonly AlarmBench _bench = new();

    [Fact]
    public void Tachycardia_FiveBeatsAtHundredAndFifty_TakesThePlaceOfTheRunAndLatches()
    {
        _bench.Status(0.1, null);
        var normal = _bench.Beats("NNNNN", 0.8, 0);
        var last = _bench.Beats("VVVVV", 0.4, normal);
        Assert.Equal(["VentricularRun Raised", "VentricularTachycardia Raised", "VentricularRun Cleared"], _bench.Story);
        var raised = _bench.Transitions[1];
        Assert.Equal(AlarmPriority.High, raised.Priority);
        Assert.Equal((AlarmBench.At(normal + 0.4), AlarmBench.At(last)), (raised.OnsetUnixNs, raised.EventUnixNs));
        Assert.Equal(150, raised.Value, 0.5);

        _bench.Beats("NN", 0.8, last);
        Assert.True(_bench.Alarms.IsPresent(AlarmCondition.VentricularTachycardia));
        _bench.Beats("N", 0.8, last + 1.6);
        Assert.False(_bench.Alarms.IsPresent(AlarmCondition.VentricularTachycardia));
        Assert.Equal(AlarmState.Latched, _bench.Alarms.Open().Single(alarm => alarm.Condition == AlarmCondition.VentricularTachycardia).State);
    }

    [Theory]
    [InlineData("NNNNVVVVNN", 0.4)] // one beat short
    [InlineData("NNNNVVVVVVVVNN", 0.65)] // 92 per minute
    [InlineData("NNNNVVNVVVNN", 0.4)]
    [InlineData("NNNNFFFFFFNN", 0.4)]
    [InlineData("QQQQQQQQQQQQ", 0.4)] // no model
    public void Tachycardia_ShortOrSlow_IsNotRaised(string classes, double rr)
    {
        _bench.Status(0.1, null);
        _bench.Beats(classes, rr, 0);
        Assert.DoesNotContain(_bench.Story, line => line.StartsWith("VentricularTachycardia", StringComparison.Ordinal));
    }

    [Fact]
    public void Tachycardia_BeatsStop_EndsWithoutBeats()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNVVVVVV", 0.4, 0);
        _bench.Run(last, last + 6, _ => last);
        Assert.Contains("VentricularTachycardia Latched", _bench.Story);
    }

    [Fact]
    public void Couplet_TwoBeats_ToldOnceAndEndsWhenItDoesNotComeAgain()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNNVVNNN", 0.8, 0);
        Assert.Equal(["VentricularCouplet Raised"], _bench.Story);
        Assert.Equal(AlarmPriority.Low, _bench.Last.Priority);
        last = _bench.Beats("NNNNVVN", 0.8, last); // again within the hold: the same one
        _bench.Beats(new string('N', 25), 0.8, last);
        Assert.Equal(["VentricularCouplet Raised", "VentricularCouplet Cleared"], _bench.Story);
    }

    [Theory]
    [InlineData("NNNVNVNVN", AlarmCondition.VentricularBigeminy)]
    [InlineData("NNNVNNVNNVN", AlarmCondition.VentricularTrigeminy)]
    public void Bigeminy_ThirdCycle_IsTold(string classes, AlarmCondition condition)
    {
        _bench.Status(0.1, null);
        _bench.Beats(classes[..^2], 0.8, 0);
        Assert.Empty(_bench.Transitions);
        _bench.Beats(classes[^2..], 0.8, 0.8 * (classes.Length - 2));
        Assert.Equal([$"{condition} Raised"], _bench.Story);
    }

    [Theory]
    [InlineData(0.25, true)]
    [InlineData(0.30, false)]
    public void ROnT_IntervalUnderAThirdOfTheMean_IsTold(double rr, bool told)
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNNNNNN", 0.8, 0);
        _bench.Beat(last + rr, BeatClass.V, rr);
        Assert.Equal(told ? ["ROnT Raised"] : [], _bench.Story);
    }

    [Fact]
    public void FrequentPremature_TenWithinAMinute_RaisedThenEndsWithHysteresis()
    {
        _bench.Status(0.1, null);
        var last = 0.0;
        for (var i = 0; i < 10; i++)
        {
            Assert.DoesNotContain("FrequentPremature Raised", _bench.Story);
            last = _bench.Beats("NNNNV", 0.8, last);
        }

        Assert.Contains("FrequentPremature Raised", _bench.Story);
        last = _bench.Beats(new string('N', 28), 0.8, last);
        Assert.DoesNotContain("FrequentPremature Cleared", _bench.Story); // 9 and 8 are within the hysteresis
        _bench.Beats(new string('N', 30), 0.8, last);
        Assert.Contains("FrequentPremature Cleared", _bench.Story);
    }

    [Fact]
    public void Runs_SwitchedOff_EndAndAreToldAgainWhenTheyComeAgain()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNVVV", 0.8, 0);
        _bench.Alarms.SetLimits(new ArrhythmiaLimits { Runs = false }, _bench.Transitions);
        last = _bench.Beats("NNNVVVNNN", 0.8, last);
        _bench.Alarms.SetLimits(new ArrhythmiaLimits(), _bench.Transitions);
        Assert.Equal(["VentricularRun Raised", "VentricularRun Cleared"], _bench.Story);
        _bench.Beats("VVV", 0.8, last);
        Assert.Equal("VentricularRun Raised", _bench.Story.Last());
    }

    [Fact]
    public void Restart_DuringTachycardia_GoesOnUnderTheSameIdAndDecidesNothingTwice()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNNVVVVVV", 0.4, 0);
        var id = _bench.Alarms.Open().Single().AlarmId;
        var decided = _bench.Transitions.Max(t => t.EventUnixNs);
        _bench.Restart();
        _bench.Alarms.DecidedUntil(decided);
        _bench.Transitions.Clear();
        _bench.Status(0.1, null, replayed: true);
        _bench.Beats("NNNNVVVVV", 0.4, 0, replayed: true);
        Assert.Empty(_bench.Transitions);
        last = _bench.Beats("VV", 0.4, last);
        Assert.Empty(_bench.Transitions);
        _bench.Beats("NNN", 0.8, last);
        Assert.Equal((AlarmTransition.Latched, id), (_bench.Last.Transition, _bench.Last.AlarmId));
    }

    [Fact]
    public void Replay_RunAcrossWhatWasDecided_CountsTheBeatsBefore()
    {
        _bench.Alarms.DecidedUntil(AlarmBench.At(2.4));
        _bench.Status(0.1, null, replayed: true);
        _bench.Beats("NNNVVVVV", 0.5, 0, replayed: true); // three of the five lie before 2.4 s
        Assert.Contains("VentricularTachycardia Raised", _bench.Story);
    }

    /// <summary>Whatever the order of classes: runs, couplets and tachycardia begin exactly where a count over the whole past says.</summary>
    [Fact]
    public void RandomBeats_AgreeWithANaiveCount()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var bench = new AlarmBench();
            bench.Status(0.1, null);
            var past = new List<(bool Ventricular, double Time)>();
            var time = 0.0;
            for (var i = 0; i < 300; i++)
            {
                var rr = random.Next(2) == 0 ? 0.46 : 0.75;
                time += rr;
                var ventricular = random.Next(3) > 0;
                past.Add((ventricular, time));
                var before = bench.Alarms.IsPresent(AlarmCondition.VentricularTachycardia);
                bench.Beat(time, ventricular ? BeatClass.V : BeatClass.N, rr);
                bench.Status(time, time);
                var run = past.AsEnumerable().Reverse().TakeWhile(beat => beat.Ventricular).ToList();
                var fast = run.Count >= 5 && 4 * 60 / (run[0].Time - run[4].Time) >= 100;
                var others = past.AsEnumerable().Reverse().TakeWhile(beat => !beat.Ventricular).Count();
                var expected = before ? others < 3 : fast;
                Assert.True(expected == bench.Alarms.IsPresent(AlarmCondition.VentricularTachycardia), $"seed {seed}, beat {i}");
                Assert.True(run.Count < 3 || expected || bench.Alarms.IsPresent(AlarmCondition.VentricularRun), $"seed {seed}, beat {i}: no run");
            }
        }
    }
}
