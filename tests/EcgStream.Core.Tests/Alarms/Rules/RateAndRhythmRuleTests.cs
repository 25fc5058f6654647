using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;

namespace EcgStream.Core.Tests.Alarms.Rules;

public sealed class RateAndRhythmRuleTests
{
    private readonly AlarmBench _bench = new();
    private readonly Random _irregular = new(4);

    [Fact]
    public void ExtremeTachycardia_SeventeenBeatsOverTheLimit_HighLatchedAndEndsWithAMargin()
    {
        _bench.Status(0.1, null);
        _bench.Detected(0.2, null);
        var last = _bench.Beats(new string('N', 15), 0.4, 0.2);
        Assert.Empty(_bench.Transitions);
        last = _bench.Beats("N", 0.4, last);
        Assert.Equal(["ExtremeTachycardia Raised"], _bench.Story);
        Assert.Equal((AlarmPriority.High, 150), (_bench.Last.Priority, Math.Round(_bench.Last.Value)));
        last = _bench.Beats("NNNNNN", 0.44, last); // 136: under the limit, within the margin
        Assert.Single(_bench.Transitions);
        _bench.Beats("NNNN", 0.5, last);
        Assert.Equal("ExtremeTachycardia Latched", _bench.Story.Last());
    }

    [Fact]
    public void ExtremeTachycardia_OneMissedBeat_IsRaisedAllTheSame()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats(new string('N', 8), 0.4, 0);
        last = _bench.Beats("N", 0.8, last);
        _bench.Beats(new string('N', 8), 0.4, last);
        Assert.Contains("ExtremeTachycardia Raised", _bench.Story);
    }

    [Theory]
    [InlineData(1.6, true)]
    [InlineData(1.4, false)]
    public void ExtremeBradycardia_FiveBeats_UnderForty(double rr, bool told)
    {
        _bench.Status(0.1, null);
        _bench.Beats("NNNNN", rr, 0);
        Assert.Equal(told ? ["ExtremeBradycardia Raised"] : [], _bench.Story);
    }

    [Fact]
    public void Asystole_AfterBradycardia_TakesItsPlace()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNNNN", 2, 0);
        _bench.Run(last, last + 4.2, _ => last);
        Assert.Equal(["ExtremeBradycardia Raised", "Asystole Raised", "ExtremeBradycardia Cleared"], _bench.Story);
        Assert.EndsWith("worse took its place", _bench.Last.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(130f, "HighRate")]
    [InlineData(45f, "LowRate")]
    public void Rate_BeyondItsLimitForThreeSeconds_MediumAndEndsWithin(float bpm, string condition)
    {
        for (var time = 0.0; time < 2.9; time += 0.2)
        {
            _bench.Rate(time, bpm);
        }

        Assert.Empty(_bench.Transitions);
        _bench.Rate(3, bpm);
        Assert.Equal([$"{condition} Raised"], _bench.Story);
        Assert.Equal(AlarmPriority.Medium, _bench.Last.Priority);
        for (var time = 3.2; time < 7; time += 0.2)
        {
            _bench.Rate(time, 80);
        }

        Assert.Equal([$"{condition} Raised", $"{condition} Cleared"], _bench.Story);
    }

    [Theory]
    [InlineData(3.2, "Pause Raised")]
    [InlineData(2.8, null)]
    [InlineData(4.5, "Pause Raised")] // hidden where an asystole was told, but never silent
    public void Pause_IntervalBetweenItsLimitAndAsystoles_IsTold(double rr, string? told)
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNNNNNN", 0.8, 0);
        _bench.Detected(last + rr, rr);
        Assert.Equal(told is null ? [] : [told], _bench.Story);
    }

    [Fact]
    public void Fibrillation_IrregularAndProbable_RaisedWithOnsetThenEndsWhenRegular()
    {
        _bench.Status(0.1, null);
        var random = new Random(5);
        var time = 0.0;
        var end = 10.0;
        while (time < 30)
        {
            var rr = 0.5 + (0.5 * random.NextDouble());
            time = _bench.Beats("N", rr, time);
            while (end < time)
            {
                _bench.AtrialResult(end++, 0.9);
            }
        }

        var raised = _bench.Transitions.Single(t => t.Condition == AlarmCondition.AtrialFibrillation);
        Assert.Equal((AlarmTransition.Raised, AlarmPriority.Medium), (raised.Transition, raised.Priority));
        Assert.InRange(raised.EventUnixNs, AlarmBench.At(12), AlarmBench.At(20));
        Assert.DoesNotContain("IrregularRhythm Raised", _bench.Story);
        while (time < 70)
        {
            time = _bench.Beats("N", 0.8, time);
            while (end < time)
            {
                _bench.AtrialResult(end++, 0.1);
            }
        }

        Assert.Contains("AtrialFibrillation Cleared", _bench.Story);
    }

    [Fact]
    public void Fibrillation_ProbableButRegular_IsNotRaised()
    {
        _bench.Status(0.1, null);
        var time = 0.0;
        for (var end = 10.0; end < 40; end++)
        {
            while (time < end)
            {
                time = _bench.Beats("N", 0.8, time);
            }

            _bench.AtrialResult(end, 0.8);
        }

        Assert.False(_bench.Alarms.IsPresent(AlarmCondition.AtrialFibrillation));
    }

    [Theory]
    [InlineData("random", true)]
    [InlineData("bigeminy", false)]
    [InlineData("premature", false)]
    public void IrregularRhythm_WithoutAModel_OnlyWhatIsIrregularAllTheTime(string kind, bool told)
    {
        _bench.Status(0.1, null);
        var random = new Random(9);
        var time = 0.0;
        for (var beat = 0; beat < 80; beat++)
        {
            var rr = kind switch
            {
                "random" => 0.5 + (0.5 * random.NextDouble()),
                "bigeminy" => beat % 2 == 0 ? 0.5 : 1.1,
                _ => beat % 9 == 0 ? 0.5 : beat % 9 == 1 ? 1.1 : 0.8 + (0.02 * random.NextDouble()),
            };
            time = _bench.Beats("N", rr, time);
        }

        // Atrial fibrillation, where the score of the intervals is sure of it, is told in its place.
        Assert.Equal(told, _bench.Story.Any(transition => transition is "IrregularRhythm Raised" or "AtrialFibrillation Raised"));
    }

    [Fact]
    public void Fibrillation_WithoutAModel_IsToldByTheIntervalsAndEndsWithThem()
    {
        _bench.Status(0.1, null);
        var time = _bench.Beats(new string('N', 60), 0.8, 0);
        Assert.False(_bench.Alarms.IsPresent(AlarmCondition.AtrialFibrillation));
        var onset = time;
        time = Irregular(time, 90);
        var raised = _bench.Transitions.Single(t => t.Condition == AlarmCondition.AtrialFibrillation);
        Assert.Equal((AlarmTransition.Raised, AlarmPriority.Medium), (raised.Transition, raised.Priority));
        Assert.InRange(raised.OnsetUnixNs, AlarmBench.At(onset - 10), AlarmBench.At(onset + 45));
        _bench.Beats(new string('N', 120), 0.8, time);
        Assert.Contains("AtrialFibrillation Cleared", _bench.Story);
    }

    [Theory]
    [InlineData("steady")]
    [InlineData("breathing")]
    [InlineData("bigeminy")]
    [InlineData("premature")]
    public void Fibrillation_WithoutAModelAndNotIrregular_IsNotTold(string kind)
    {
        _bench.Status(0.1, null);
        var random = new Random(9);
        var time = 0.0;
        for (var beat = 0; beat < 300; beat++)
        {
            var rr = (0.01 * random.NextDouble()) + kind switch
            {
                "breathing" => 0.9 + (0.06 * Math.Sin(2 * Math.PI * beat / 5)),
                "bigeminy" => beat % 2 == 0 ? 0.5 : 1.1,
                "premature" => beat % 9 == 0 ? 0.5 : beat % 9 == 1 ? 1.1 : 0.8,
                _ => 0.8,
            };
            time = _bench.Beats("N", rr, time);
            Assert.False(_bench.Alarms.IsPresent(AlarmCondition.AtrialFibrillation), $"beat {beat}");
        }
    }

    [Fact]
    public void Fibrillation_ModelThatSeesNone_HoldsTheIntervalsBackUntilItIsSilent()
    {
        _bench.Status(0.1, null);
        var (time, end) = (0.0, 10.0);
        while (time < 120)
        {
            time = Irregular(time, 1);
            while (end < time)
            {
                _bench.AtrialResult(end++, 0.05);
            }
        }

        Assert.False(_bench.Alarms.IsPresent(AlarmCondition.AtrialFibrillation));
        Irregular(time, 120);
        Assert.True(_bench.Alarms.IsPresent(AlarmCondition.AtrialFibrillation));
    }

    [Fact]
    public void SetLimits_AtRunTime_JudgeTheNextBeats()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats(new string('N', 30), 0.45, 0);
        Assert.Empty(_bench.Transitions);
        _bench.Alarms.SetLimits(new ArrhythmiaLimits { ExtremeTachycardiaBpm = 125 }, _bench.Transitions);
        _bench.Beats("N", 0.45, last);
        Assert.Equal(["ExtremeTachycardia Raised"], _bench.Story);
    }

    private double Irregular(double time, int beats)
    {
        for (var beat = 0; beat < beats; beat++)
        {
            time = _bench.Beats("N", 0.45 + (0.6 * _irregular.NextDouble()), time);
        }

        return time;
    }
}
