using EcgStream.Core.Alarms;

namespace EcgStream.Core.Tests.Alarms;

public sealed class LeadOffAndNoDataTests
{
    private readonly AlarmBench _bench = new();

    [Fact]
    public void OnStatus_OneLeadOffForASecond_RaisesLowTechnical()
    {
        _bench.Run(0, 5, Beats);
        _bench.Run(5, 6, Beats, leadsOff: AlarmBench.OneLead);
        Assert.Empty(_bench.Transitions);
        _bench.Run(6, 6.2, Beats, leadsOff: AlarmBench.OneLead);
        Assert.Equal(
            (AlarmPriority.Low, AlarmKind.Technical, "* Leads off: V1", 1.0),
            (_bench.Last.Priority, _bench.Last.Kind, _bench.Last.Message, _bench.Last.Value));
        Assert.Equal(AlarmBench.At(5.1), _bench.Last.OnsetUnixNs);
    }

    [Fact]
    public void OnStatus_AllLeadsOffAfterOne_RisesToMediumAndFallsBackAsAnotherEpisode()
    {
        _bench.Run(0, 3, Beats, leadsOff: AlarmBench.OneLead);
        _bench.Run(3, 5, Beats, null, AlarmBench.AllLeads);
        Assert.Equal((AlarmTransition.Updated, AlarmPriority.Medium, "** All leads off"), (_bench.Last.Transition, _bench.Last.Priority, _bench.Last.Message));
        _bench.Run(5, 8, Beats, 5, AlarmBench.OneLead);
        Assert.Equal((AlarmTransition.Raised, AlarmPriority.Low), (_bench.Last.Transition, _bench.Last.Priority));
        _bench.Run(8, 9.9, Beats, 5);
        Assert.Equal(["LeadOff Raised", "LeadOff Updated", "LeadOff Cleared", "LeadOff Raised"], _bench.Story);
        _bench.Run(9.9, 10.2, Beats, 5);
        Assert.Equal(AlarmTransition.Cleared, _bench.Last.Transition);
    }

    [Fact]
    public void OnStatus_AllLeadsOffAfterOneWasAcknowledged_RaisesANewEpisode()
    {
        _bench.Run(0, 3, Beats, leadsOff: AlarmBench.OneLead);
        Assert.Equal(AcknowledgeOutcome.Acknowledged, _bench.Acknowledge());
        _bench.Run(3, 5, Beats, null, AlarmBench.AllLeads);
        Assert.Equal(["LeadOff Raised", "LeadOff Acknowledged", "LeadOff Cleared", "LeadOff Raised"], _bench.Story);
        Assert.Equal((AlarmState.Active, AlarmPriority.Medium, ""), (_bench.Last.State, _bench.Last.Priority, _bench.Last.AcknowledgedBy));
        Assert.NotEqual(_bench.Transitions[0].AlarmId, _bench.Last.AlarmId);
    }

    [Fact]
    public void OnStatus_LooseElectrode_RaisesOnceAndDoesNotStorm()
    {
        for (var i = 0; i < 30; i++)
        {
            _bench.Run(i * 2.5, (i * 2.5) + 1.2, Beats, leadsOff: AlarmBench.OneLead);
            _bench.Run((i * 2.5) + 1.2, (i * 2.5) + 2.5, Beats);
        }

        Assert.Equal(["LeadOff Raised"], _bench.Story);
    }

    [Fact]
    public void OnTick_NothingForFiveSeconds_RaisesNoDataAndClearsWithTheNextChunk()
    {
        _bench.Run(0, 3, Beats);
        _bench.Tick(4.9);
        Assert.Empty(_bench.Transitions);
        _bench.Tick(0.1);
        Assert.Equal((AlarmCondition.NoData, AlarmPriority.Medium, AlarmBench.At(3)), (_bench.Last.Condition, _bench.Last.Priority, _bench.Last.OnsetUnixNs));
        Assert.InRange(_bench.Last.EventUnixNs, AlarmBench.At(7.999), AlarmBench.At(8.001));
        _bench.Tick(60);
        Assert.Single(_bench.Transitions);
        _bench.Status(68.1, 67.5);
        Assert.Equal(["NoData Raised", "NoData Cleared"], _bench.Story);
        Assert.Equal("** Data are back after 65 s", _bench.Last.Message);
    }

    [Fact]
    public void OnTick_DuringAsystole_LatchesAsystoleBesideNoData()
    {
        _bench.Run(0, 6, _ => 1);
        _bench.Tick(5);
        Assert.Equal(["Asystole Raised", "NoData Raised", "Asystole Latched"], _bench.Story);
    }

    [Fact]
    public void OnTick_AfterEndOfSession_StaysQuiet()
    {
        _bench.Run(0, 3, Beats);
        _bench.EndSession();
        _bench.Tick(600);
        Assert.Empty(_bench.Transitions);
        Assert.True(_bench.Alarms.IsIdle);
    }

    [Fact]
    public void OnTick_BeforeAnyData_StaysQuiet()
    {
        _bench.Tick(600);
        Assert.Empty(_bench.Transitions);
    }

    [Fact]
    public void OnSessionEnded_DuringNoDataAndLeadOff_ClearsBoth()
    {
        _bench.Run(0, 3, Beats, leadsOff: AlarmBench.OneLead);
        _bench.Tick(5);
        _bench.EndSession();
        Assert.Equal(["LeadOff Raised", "NoData Raised", "NoData Cleared", "LeadOff Cleared"], _bench.Story);
    }

    private static double? Beats(double time) => Math.Floor(time);
}
