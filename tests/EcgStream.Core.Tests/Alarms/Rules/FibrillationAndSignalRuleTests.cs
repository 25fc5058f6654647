using EcgStream.Core.Alarms;

namespace EcgStream.Core.Tests.Alarms.Rules;

public sealed class FibrillationAndSignalRuleTests
{
    private readonly AlarmBench _bench = new();

    [Fact]
    public void Fibrillation_TheWaveOfFourSeconds_HighAndTakesThePlaceOfAsystole()
    {
        _bench.Waves(3.9, 0);
        _bench.Waves(4.9, 0.3f);
        Assert.Equal(["Asystole Raised"], _bench.Story);
        _bench.Waves(5.9, 0.9f);
        Assert.Equal(["Asystole Raised", "VentricularFibrillation Raised", "Asystole Cleared"], _bench.Story);
        Assert.Equal(AlarmPriority.High, _bench.Transitions[1].Priority);
        Assert.Equal(AlarmBench.At(1.9), _bench.Transitions[1].OnsetUnixNs);
    }

    [Fact]
    public void Fibrillation_TurnsIntoStandstill_AsystoleIsRaisedThen()
    {
        _bench.Waves(4.9, 0.9f);
        for (var time = 5.9; time < 12; time++)
        {
            _bench.Waves(time, 0);
        }

        Assert.Equal("VentricularFibrillation Raised", _bench.Story.First());
        Assert.Contains("VentricularFibrillation Latched", _bench.Story);
        Assert.Equal("Asystole Raised", _bench.Story.Last());
    }

    [Fact]
    public void Fibrillation_Restart_GoesOnUnderTheSameId()
    {
        _bench.Waves(4.9, 0.9f);
        var id = _bench.Alarms.Open().Single().AlarmId;
        _bench.Restart();
        _bench.Transitions.Clear();
        _bench.Waves(5.9, 0.9f, qrs: 5);
        Assert.Empty(_bench.Transitions);
        for (var time = 6.9; time < 11; time++)
        {
            _bench.Waves(time, 0, qrs: time);
        }

        Assert.Equal((AlarmTransition.Latched, id), (_bench.Last.Transition, _bench.Last.AlarmId));
    }

    [Fact]
    public void Tachycardia_RegularWideWaveWithoutAnyClass_IsTold()
    {
        for (var time = 4.0; time < 6; time++)
        {
            Assert.Empty(_bench.Transitions);
            _bench.WideWave(time, 170);
        }

        Assert.Equal(["VentricularTachycardia Raised"], _bench.Story);
        _bench.WideWave(6, 170);
        for (var time = 7.0; time < 13; time++)
        {
            _bench.Waves(time, 0, qrs: time);
        }

        Assert.Equal("VentricularTachycardia Latched", _bench.Story.Last());
    }

    [Fact]
    public void Tachycardia_SlowWideWave_IsNotTold()
    {
        for (var time = 4.0; time < 12; time++)
        {
            _bench.WideWave(time, 120);
        }

        Assert.Empty(_bench.Transitions);
    }

    [Fact]
    public void LeadOff_AllElectrodes_IsNeverAnArrhythmia()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNNVVVVVV", 0.4, 0);
        _bench.Transitions.Clear();
        _bench.Run(last, last + 30, _ => last, analysableSince: null, leadsOff: AlarmBench.AllLeads);
        Assert.DoesNotContain(_bench.Transitions, t => t is { Kind: AlarmKind.Patient, Transition: AlarmTransition.Raised });
        Assert.DoesNotContain(_bench.Transitions, t => t.Condition == AlarmCondition.AnalysisSuspended);
        Assert.Contains("LeadOff Raised", _bench.Story);
    }

    [Fact]
    public void AnalysisSuspended_EveryLeadNoisy_TechnicalAndEndsWithTheNoise()
    {
        _bench.Poor(0, 5, AlarmBench.AllLeads);
        Assert.DoesNotContain(_bench.Transitions, t => t.Kind == AlarmKind.Technical);
        _bench.Poor(6, 6, AlarmBench.AllLeads);
        var raised = _bench.Transitions.Single(t => t.Condition == AlarmCondition.AnalysisSuspended);
        Assert.Equal((AlarmKind.Technical, AlarmPriority.Medium), (raised.Kind, raised.Priority));
        _bench.Poor(7, 10, AlarmBench.OneLead, qrs: 7);
        Assert.Contains("AnalysisSuspended Cleared", _bench.Story);
    }

    [Fact]
    public void DeadInput_NothingMovesAtAll_IsSuspendedAndNotAsystole()
    {
        _bench.Poor(0, 0, 0);
        _bench.Poor(1, 20, AlarmBench.AllLeads, AlarmBench.AllLeads, dead: AlarmBench.AllLeads);
        Assert.Equal(["AnalysisSuspended Raised"], _bench.Story);
    }

    [Fact]
    public void FlatLine_WithTheNoiseOfTheSkin_IsAsystole()
    {
        _bench.Poor(0, 0, 0);
        _bench.Poor(1, 10, AlarmBench.AllLeads, AlarmBench.AllLeads);
        Assert.Equal(["Asystole Raised"], _bench.Story);
    }

    [Fact]
    public void SessionEnds_DuringTachycardia_ClosesWhenNoClassCanComeAnyMore()
    {
        _bench.Status(0.1, null);
        _bench.Beats("NNNNVVVVVV", 0.4, 0);
        _bench.EndSession();
        Assert.True(_bench.Alarms.IsPresent(AlarmCondition.VentricularTachycardia));
        _bench.Tick(16);
        Assert.Contains("VentricularTachycardia Latched", _bench.Story);
        Assert.False(_bench.Alarms.IsIdle);
        _bench.Alarms.Acknowledge(_bench.Alarms.Open().Single().AlarmId, "nurse", _bench.Transitions);
        Assert.True(_bench.Alarms.IsIdle);
    }

    [Fact]
    public void Beats_NothingChanges_AllocatesNothing()
    {
        _bench.Status(0.1, null);
        var last = _bench.Beats("NNNNNNNNNNNNNNNNNNNNNNNN", 0.8, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            last += 0.8;
            _bench.Beat(last, Core.Beats.BeatClass.N, 0.8);
            _bench.Status(last, last);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
