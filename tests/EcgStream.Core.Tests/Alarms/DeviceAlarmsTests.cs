using EcgStream.Core.Alarms;

namespace EcgStream.Core.Tests.Alarms;

public sealed class DeviceAlarmsTests
{
    private readonly AlarmBench _bench = new();

    [Fact]
    public void Acknowledge_Active_StaysUntilTheConditionEndsThenClears()
    {
        _bench.Run(0, 5, _ => 1);
        Assert.Equal(AcknowledgeOutcome.Acknowledged, _bench.Acknowledge("a"));
        Assert.Equal(AcknowledgeOutcome.AlreadyAcknowledged, _bench.Acknowledge("b"));
        _bench.Run(5, 9, t => Math.Floor(t));
        Assert.Equal(["Asystole Raised", "Asystole Acknowledged", "Asystole Cleared"], _bench.Story);
        Assert.Equal("a", _bench.Last.AcknowledgedBy);
        Assert.Equal(AcknowledgeOutcome.NotOpen, _bench.Acknowledge());
    }

    [Fact]
    public void Acknowledge_Latched_ClearsAtOnce()
    {
        _bench.Run(0, 5, _ => 1);
        _bench.Run(5, 9, t => Math.Floor(t));
        Assert.Equal(AcknowledgeOutcome.Acknowledged, _bench.Acknowledge());
        Assert.Equal(["Asystole Raised", "Asystole Latched", "Asystole Acknowledged", "Asystole Cleared"], _bench.Story);
        Assert.Empty(_bench.Alarms.Open());
    }

    [Fact]
    public void Acknowledge_ThenANewStandstill_BreaksThrough()
    {
        _bench.Run(0, 5, _ => 1);
        _bench.Acknowledge();
        _bench.Run(5, 9, t => Math.Floor(t));
        _bench.Run(9, 14, _ => 9);
        Assert.Equal((AlarmTransition.Raised, AlarmState.Active), (_bench.Last.Transition, _bench.Last.State));
        Assert.True(_bench.Alarms.IsAudible(AlarmCondition.Asystole));
    }

    [Fact]
    public void Restart_WithOpenAlarms_GoesOnUnderTheSameIds()
    {
        _bench.Run(0, 6, _ => 1, leadsOff: AlarmBench.OneLead);
        for (var i = 0; i < 5; i++)
        {
            _bench.Result(10 + i, 1);
        }

        var ids = _bench.Alarms.Open().Select(t => t.AlarmId).ToHashSet();
        Assert.Equal(3, ids.Count);
        _bench.Transitions.Clear();
        _bench.Restart();
        _bench.Run(6, 8, _ => 1, leadsOff: AlarmBench.OneLead);
        _bench.Result(15, 1);
        Assert.Empty(_bench.Transitions);

        _bench.Run(8, 14, t => Math.Floor(t));
        for (var i = 0; i < 7; i++)
        {
            _bench.Result(16 + i, 0);
        }

        Assert.Equal(["Asystole Latched", "LeadOff Cleared", "AbnormalRhythm Cleared"], _bench.Story.Order().OrderBy(s => s[..2] == "Le" ? 1 : s[..2] == "Ab" ? 2 : 0));
        Assert.Equal(ids, _bench.Transitions.Select(t => t.AlarmId).ToHashSet());
    }

    [Fact]
    public void Restart_DeviceNeverComesBack_RaisesNoDataForIt()
    {
        _bench.Run(0, 6, _ => 1);
        _bench.Restart();
        _bench.Tick(5);
        Assert.Equal(["Asystole Raised", "NoData Raised", "Asystole Latched"], _bench.Story);
        Assert.True(_bench.Last.EventUnixNs > AlarmBench.At(5));
    }

    [Fact]
    public void Replay_OfWhatWasDecided_RaisesNothingAgainAndGoesOnAfterIt()
    {
        _bench.Run(0, 5, _ => 1);
        _bench.Run(5, 9, t => Math.Floor(t));
        _bench.Acknowledge();
        var decided = _bench.Transitions.Max(t => t.EventUnixNs);
        _bench.Restart();
        _bench.Alarms.DecidedUntil(decided);
        _bench.Transitions.Clear();

        _bench.Run(0, 5, _ => 1, replayed: true);
        _bench.Run(5, 9, t => Math.Floor(t), replayed: true);
        Assert.Empty(_bench.Transitions);
        _bench.Run(9, 13, _ => 9, replayed: true);
        Assert.Equal(["Asystole Raised"], _bench.Story);
    }

    [Fact]
    public void Replay_DeviceSilentSince_RaisesNoData()
    {
        _bench.Alarms.DecidedUntil(AlarmBench.At(100));
        _bench.Run(0, 5, _ => 1, replayed: true);
        _bench.Tick(5);
        Assert.Equal(["NoData Raised"], _bench.Story);
    }

    [Fact]
    public void OnStatus_NewSession_EndsWhatTheOldOneRaised()
    {
        _bench.Run(0, 6, _ => 1);
        _bench.Result(10, 1);
        _bench.Session = 8;
        _bench.Run(0, 1, _ => null);
        Assert.Equal(["Asystole Raised", "Asystole Latched"], _bench.Story);
    }

    [Fact]
    public void SameInputs_GiveTheSameIds_AnotherSessionOthers()
    {
        string Id(ulong session)
        {
            var bench = new AlarmBench { Session = session };
            bench.Run(0, 6, _ => 1);
            return bench.Last.AlarmId;
        }

        Assert.Equal(Id(1), Id(1));
        Assert.NotEqual(Id(1), Id(2));
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{26}$", Id(1));
    }

    [Fact]
    public void AlarmIds_SortByOnset()
    {
        var ids = Enumerable.Range(0, 50).Select(i => AlarmId.Create("d", 1, AlarmCondition.LeadOff, AlarmBench.At(i), 0)).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void PauseAudio_CountsDownAndANewHighAlarmBreaksThrough()
    {
        _bench.Run(0, 3, t => Math.Floor(t), leadsOff: AlarmBench.OneLead);
        Assert.True(_bench.Alarms.IsAudible(AlarmCondition.LeadOff));
        var pause = _bench.Alarms.PauseAudio(TimeSpan.FromSeconds(60), "nurse");
        Assert.False(_bench.Alarms.IsAudible(AlarmCondition.LeadOff));

        _bench.Run(3, 8, _ => 3, leadsOff: AlarmBench.OneLead);
        Assert.InRange(pause.Remaining(_bench.Clock).TotalSeconds, 54.99, 55.01);
        Assert.True(_bench.Alarms.IsAudible(AlarmCondition.Asystole));
        Assert.False(_bench.Alarms.IsAudible(AlarmCondition.LeadOff));

        _bench.Clock.Advance(TimeSpan.FromSeconds(55));
        Assert.Equal(TimeSpan.Zero, pause.Remaining(_bench.Clock));
        Assert.True(_bench.Alarms.IsAudible(AlarmCondition.LeadOff));
    }

    [Fact]
    public void PauseAudio_BreakThroughOff_HoldsUntilItExpires()
    {
        var bench = new AlarmBench(new AlarmOptions { HighBreaksThroughAudioPause = false });
        bench.Run(0, 1, _ => 1);
        bench.Alarms.PauseAudio(TimeSpan.FromSeconds(60), "nurse");
        bench.Run(1, 6, _ => 1);
        Assert.False(bench.Alarms.IsAudible(AlarmCondition.Asystole));
        bench.Alarms.CancelAudioPause();
        Assert.True(bench.Alarms.IsAudible(AlarmCondition.Asystole));
    }

    [Fact]
    public void OnStatus_NothingChanges_AllocatesNothing()
    {
        _bench.Run(0, 5, t => Math.Floor(t), leadsOff: AlarmBench.OneLead);
        _bench.Status(5.1, 5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _bench.Status(5.2 + (i * 0.1), 5 + Math.Floor(i * 0.1), leadsOff: AlarmBench.OneLead);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
