using EcgStream.Core.Alarms;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Tests.Alarms;

public sealed class AbnormalRhythmRuleTests
{
    private readonly AlarmBench _bench = new();

    [Theory]
    [InlineData("AAAA", "")]
    [InlineData("AAAAA", "Raised")]
    [InlineData("AANANAA", "Raised")]
    [InlineData("AANNAANA", "")]
    [InlineData("ANANANANANANAN", "")]
    [InlineData("AAAAANNNN", "Raised")]
    [InlineData("AAAAANNNNN", "Raised Cleared")]
    [InlineData("AAAAANNANNAN", "Raised Cleared")]
    [InlineData("AAAAANANANANA", "Raised")]
    [InlineData("AAAAANNNNNAAAAA", "Raised Cleared Raised")]
    [InlineData("LLLLLLLLQQQQQQQQ", "")]
    [InlineData("AALLQAALQA", "Raised")]
    public void OnResult_SequenceOfWindows_HasThatStory(string windows, string story)
    {
        for (var i = 0; i < windows.Length; i++)
        {
            var marks = windows[i] switch { 'L' => WindowMarks.LeadOff, 'Q' => WindowMarks.PoorQuality, _ => WindowMarks.Interpolated };
            _bench.Result(10 + i, windows[i] == 'N' ? 0 : 1, marks: marks);
        }

        Assert.Equal(story, string.Join(' ', _bench.Transitions.Select(t => t.Transition)));
    }

    /// <summary>S is an abnormal finding that never raises: it speaks against an alarm as a normal window does.</summary>
    [Theory]
    [InlineData("SSSSSSSSSSSS", "")]
    [InlineData("AAAAASSSSS", "Raised Cleared")]
    [InlineData("AASANAA", "Raised")]
    public void OnResult_FindingThatNeverRaises_IsNoEvidenceOfAnAlarm(string windows, string story)
    {
        var model = new ModelIdentity("b", "1", [new ModelLabel("normal", null, false), new ModelLabel("af", null, true), new ModelLabel("axis", null, true, RaisesAlarm: false)]);
        for (var i = 0; i < windows.Length; i++)
        {
            _bench.Result(10 + i, windows[i] switch { 'N' => 0, 'A' => 1, _ => 2 }, model: model);
        }

        Assert.Equal(story, string.Join(' ', _bench.Transitions.Select(t => t.Transition)));
    }

    [Fact]
    public void OnResult_Raise_SaysLabelProbabilityModelAndOnset()
    {
        for (var i = 0; i < 5; i++)
        {
            _bench.Result(10 + i, 1, 0.8);
        }

        Assert.Equal(("** Abnormal rhythm: AF (p 0.80)", "a/1", AlarmPriority.Medium), (_bench.Last.Message, _bench.Last.Source, _bench.Last.Priority));
        Assert.Equal((AlarmBench.At(0), AlarmBench.At(14)), (_bench.Last.OnsetUnixNs, _bench.Last.EventUnixNs));
    }

    [Fact]
    public void OnResult_WindowsNearerThanAStep_CountOnce()
    {
        for (var i = 0; i < 40; i++)
        {
            _bench.Result(10 + (i * 0.1), 1);
        }

        Assert.Empty(_bench.Transitions); // 4 s of new samples are four steps, however often they were looked at
        _bench.Result(14, 1);
        Assert.Equal("AbnormalRhythm Raised", Assert.Single(_bench.Story));
    }

    [Fact]
    public void OnResult_SameWindowAgain_IsNotEvidence()
    {
        Assert.True(_bench.Result(10, 1));
        Assert.False(_bench.Result(10, 1));
        Assert.False(_bench.Result(9, 1));
    }

    [Fact]
    public void OnResult_TwoModelsAbnormal_OneAlarmThatWaitsForBoth()
    {
        for (var i = 0; i < 6; i++)
        {
            _bench.Result(10 + i, 1);
            _bench.Result(10 + i, 1, model: AlarmBench.ModelB);
        }

        Assert.Equal(["AbnormalRhythm Raised"], _bench.Story);
        for (var i = 6; i < 12; i++)
        {
            _bench.Result(10 + i, 0);
            _bench.Result(10 + i, 1, model: AlarmBench.ModelB);
        }

        Assert.DoesNotContain("AbnormalRhythm Cleared", _bench.Story);
        for (var i = 12; i < 18; i++)
        {
            _bench.Result(10 + i, 0, model: AlarmBench.ModelB);
        }

        Assert.Equal("AbnormalRhythm Cleared", _bench.Story.Last());
        Assert.Single(_bench.Transitions.Select(t => t.AlarmId).Distinct());
    }

    [Fact]
    public void OnResult_ProbabilityWanders_UpdatesAtMostEachInterval()
    {
        for (var i = 0; i < 60; i++)
        {
            _bench.Result(10 + i, 1, i / 10 % 2 == 0 ? 0.55 : 0.95);
        }

        Assert.All(_bench.Transitions.Skip(1), t => Assert.Equal(AlarmTransition.Updated, t.Transition));
        Assert.True(_bench.Transitions.Count >= 3, "the probability moved by 0.4 every ten seconds");
        Assert.All(
            _bench.Transitions.Zip(_bench.Transitions.Skip(1)),
            pair => Assert.True(pair.Second.EventUnixNs - pair.First.EventUnixNs >= 10_000_000_000));
    }

    [Fact]
    public void OnResult_SteadyEvidence_IsNotToldAgain()
    {
        for (var i = 0; i < 300; i++)
        {
            _bench.Result(10 + i, 1, 0.9 + (i % 2 * 0.05));
        }

        Assert.Single(_bench.Transitions);
    }

    [Fact]
    public void OnResult_LabelOfHighPriority_RisesAtOnceAndLatches()
    {
        for (var i = 0; i < 5; i++)
        {
            _bench.Result(10 + i, 1);
        }

        for (var i = 5; i < 9; i++)
        {
            _bench.Result(10 + i, 2);
        }

        Assert.Equal((AlarmTransition.Updated, AlarmPriority.High), (_bench.Last.Transition, _bench.Last.Priority));
        Assert.StartsWith("*** Abnormal rhythm: VF", _bench.Last.Message, StringComparison.Ordinal);
        for (var i = 9; i < 16; i++)
        {
            _bench.Result(10 + i, 0);
        }

        Assert.Equal(AlarmState.Latched, _bench.Last.State);
    }

    [Fact]
    public void OnResult_HighLabelAfterMediumWasAcknowledged_BreaksThrough()
    {
        for (var i = 0; i < 5; i++)
        {
            _bench.Result(10 + i, 1);
        }

        _bench.Acknowledge();
        for (var i = 5; i < 12; i++)
        {
            _bench.Result(10 + i, 2);
        }

        Assert.Equal((AlarmTransition.Raised, AlarmPriority.High, AlarmState.Active), (_bench.Last.Transition, _bench.Last.Priority, _bench.Last.State));
    }

    [Fact]
    public void OnResult_EvidenceFromBeforeALongGap_IsForgotten()
    {
        for (var i = 0; i < 4; i++)
        {
            _bench.Result(10 + i, 1);
        }

        _bench.Result(200, 1);
        Assert.Empty(_bench.Transitions);
    }

    [Fact]
    public void OnTick_NoWindowThatCountsForAMinute_EndsTheAlarm()
    {
        for (var i = 0; i < 5; i++)
        {
            _bench.Status(10 + i, 10 + i);
            _bench.Result(10 + i, 1);
        }

        for (var i = 1; i < 60; i++)
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            _bench.Status(14 + i, 14 + i);
            _bench.Result(14 + i, 1, marks: WindowMarks.LeadOff);
            _bench.Tick();
        }

        Assert.Single(_bench.Transitions);
        _bench.Status(74, 74);
        _bench.Tick(1);
        Assert.Equal("AbnormalRhythm Cleared", _bench.Story.Last());
    }

    [Fact]
    public void OnResult_AfterEndOfSession_CountsDuringTheGraceAndThenEnds()
    {
        _bench.Status(1, 1);
        _bench.EndSession();
        for (var i = 0; i < 5; i++)
        {
            _bench.Result(10 + i, 1);
        }

        _bench.Tick(14.9);
        Assert.Equal(["AbnormalRhythm Raised"], _bench.Story);
        _bench.Tick(0.1);
        Assert.Equal(["AbnormalRhythm Raised", "AbnormalRhythm Cleared"], _bench.Story);
        Assert.False(_bench.Result(16, 1));
        Assert.True(_bench.Alarms.IsIdle);
    }

    [Fact]
    public void OnResult_OfAnEarlierSession_IsNotEvidence()
    {
        _bench.Session = 8;
        _bench.Status(1, 1);
        _bench.Session = 7;
        Assert.False(_bench.Result(10, 1));
    }
}
