using EcgStream.Core.Alarms;

namespace EcgStream.Core.Tests.Alarms;

public sealed class AsystoleRuleTests
{
    private readonly AlarmBench _bench = new();

    [Fact]
    public void OnStatus_NoQrsForFourSeconds_RaisesHighWithOnsetAtTheLastQrs()
    {
        _bench.Run(0, 13.9, _ => 10);
        Assert.Empty(_bench.Transitions);
        _bench.Run(13.9, 20, _ => 10);

        var raised = Assert.Single(_bench.Transitions);
        Assert.Equal(
            (AlarmCondition.Asystole, AlarmKind.Patient, AlarmPriority.High, AlarmState.Active, AlarmTransition.Raised),
            (raised.Condition, raised.Kind, raised.Priority, raised.State, raised.Transition));
        Assert.Equal((AlarmBench.At(10), AlarmBench.At(14)), (raised.OnsetUnixNs, raised.EventUnixNs));
        Assert.Equal(("*** Asystole: no QRS for 4.0 s", "s", 4.0), (raised.Message, raised.Unit, Math.Round(raised.Value, 6)));
    }

    [Fact]
    public void OnStatus_NoQrsSinceStart_RaisesAfterFourSecondsAndTheDetectorsLearning()
    {
        _bench.Run(0, 5.9, _ => null);
        Assert.Empty(_bench.Transitions);
        _bench.Run(5.9, 6, _ => null);
        Assert.Equal(AlarmBench.At(0), Assert.Single(_bench.Transitions).OnsetUnixNs);
    }

    [Fact]
    public void OnStatus_LastQrsBeforeSignalCameBack_CountsFromTheReturn()
    {
        _bench.Run(0, 10, t => Math.Floor(t));
        _bench.Run(10, 25, _ => 10, analysableSince: null, leadsOff: AlarmBench.AllLeads);
        _bench.Run(25, 30.9, _ => 10, analysableSince: 25);
        Assert.DoesNotContain(_bench.Transitions, t => t.Condition == AlarmCondition.Asystole);
        _bench.Run(30.9, 31, _ => 10, analysableSince: 25);
        Assert.Equal(AlarmCondition.Asystole, _bench.Last.Condition);
    }

    [Theory]
    [InlineData(null, 0u)]
    [InlineData(0.0, AlarmBench.AllLeads)]
    public void OnStatus_NothingCanBeAnalysed_NeverRaises(double? analysableSince, uint leadsOff)
    {
        _bench.Run(0, 60, _ => 1, analysableSince, leadsOff);
        Assert.DoesNotContain(_bench.Transitions, t => t.Condition == AlarmCondition.Asystole);
    }

    [Fact]
    public void OnStatus_OneLeadOffButAnotherAnalysable_StillRaises()
    {
        _bench.Run(0, 10, _ => 1, leadsOff: AlarmBench.OneLead);
        Assert.Contains("Asystole Raised", _bench.Story);
    }

    [Fact]
    public void OnStatus_ThreeQrsWithinFiveSeconds_EndsAndLatches()
    {
        _bench.Run(0, 5, _ => 1);
        _bench.Run(5, 6, _ => 5.5);
        _bench.Run(6, 8, _ => 7);
        Assert.Equal(["Asystole Raised"], _bench.Story);
        _bench.Run(8, 9, _ => 8.5);
        Assert.Equal(["Asystole Raised", "Asystole Latched"], _bench.Story);
        Assert.Equal((AlarmState.Latched, "*** Asystole ended: 3 QRS in 3.0 s"), (_bench.Last.State, _bench.Last.Message));
    }

    [Fact]
    public void OnStatus_LoneEscapeBeats_DoNotEnd()
    {
        _bench.Run(0, 60, t => t < 6 ? 1 : 6 + (Math.Floor((t - 6) / 3) * 3));
        Assert.Equal(["Asystole Raised"], _bench.Story);
    }

    [Fact]
    public void OnStatus_SignalLostDuringAsystole_LatchesAfterHoldAndBecomesTechnical()
    {
        _bench.Run(0, 6, _ => 1);
        _bench.Run(6, 6.9, _ => 1, analysableSince: null, leadsOff: AlarmBench.AllLeads);
        Assert.Equal(["Asystole Raised"], _bench.Story);
        _bench.Run(6.9, 8, _ => 1, analysableSince: null, leadsOff: AlarmBench.AllLeads);
        Assert.Equal(["Asystole Raised", "Asystole Latched", "LeadOff Raised"], _bench.Story);
    }

    [Fact]
    public void OnStatus_SignalLostForLessThanTheHold_StaysActive()
    {
        _bench.Run(0, 6, _ => 1);
        _bench.Run(6, 6.5, _ => 1, analysableSince: null);
        _bench.Run(6.5, 12, _ => 1, analysableSince: 6.5);
        Assert.Equal(["Asystole Raised"], _bench.Story);
    }

    [Fact]
    public void OnStatus_NewStandstillWhileLatched_ClosesTheOldEpisodeAndRaisesANewOne()
    {
        _bench.Run(0, 5, _ => 1);
        _bench.Run(5, 9, t => Math.Floor(t));
        _bench.Run(9, 14, _ => 9);
        Assert.Equal(["Asystole Raised", "Asystole Latched", "Asystole Cleared", "Asystole Raised"], _bench.Story);
        Assert.Equal(_bench.Transitions[0].AlarmId, _bench.Transitions[2].AlarmId);
        Assert.NotEqual(_bench.Transitions[0].AlarmId, _bench.Last.AlarmId);
        Assert.Equal(AlarmBench.At(9), _bench.Last.OnsetUnixNs);
    }

    [Fact]
    public void OnStatus_DeviceClockSetBackAnHour_CanStillEnd()
    {
        _bench.Run(0, 5, _ => 1);
        _bench.Run(-3600, -3590, t => Math.Floor(t), analysableSince: -3600);
        Assert.Equal(["Asystole Raised", "Asystole Latched"], _bench.Story);
    }

    [Fact]
    public void OnStatus_ChunksOfTwoSeconds_EndWithOneQrsSeenPerChunk()
    {
        _bench.Run(0, 5, _ => 1);
        foreach (var time in new[] { 8.0, 10.0, 12.0 })
        {
            _bench.Status(time, time - 0.3);
        }

        Assert.Contains("Asystole Latched", _bench.Story);
    }
}
