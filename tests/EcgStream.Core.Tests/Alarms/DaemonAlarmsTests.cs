using EcgStream.Core.Alarms;
using EcgStream.Testing;

namespace EcgStream.Core.Tests.Alarms;

public sealed class DaemonAlarmsTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<AlarmTransitionRecord> _transitions = [];
    private readonly DaemonAlarms _alarms;

    public DaemonAlarmsTests() => _alarms = new DaemonAlarms(_clock);

    [Fact]
    public void Tell_TwoSourcesAtOneInstant_AreTwoAlarmsThatEndEachForItself()
    {
        Look("a", "b");
        Assert.Equal(["model/a", "model/b"], _transitions.Select(raised => raised.Source));
        Assert.NotEqual(_transitions[0].AlarmId, _transitions[1].AlarmId);

        Pass(DaemonAlarms.ClearAfter, "b");
        Assert.Equal(3, _transitions.Count);
        var ended = _transitions[2];
        Assert.Equal((_transitions[0].AlarmId, AlarmTransition.Cleared), (ended.AlarmId, ended.Transition));
    }

    [Fact]
    public void Tell_ComesAndGoesWithinTheLimit_IsOneAlarm()
    {
        for (var second = 0; second < 20; second++)
        {
            Look(second % 4 == 0 ? ["a"] : []);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(AlarmTransition.Raised, Assert.Single(_transitions).Transition);
    }

    [Fact]
    public void Restore_IsNotToldAgain_EndsAndOneThatIsGoesOn()
    {
        Look("a", "b");
        var next = new DaemonAlarms(_clock);
        Assert.All(_transitions, open => Assert.True(next.Restore(open)));
        Assert.False(next.Restore(_transitions[0] with { Condition = (AlarmCondition)199 }));

        var after = new List<AlarmTransitionRecord>();
        for (var second = 0; second < 7; second++)
        {
            next.Tell(AlarmCondition.ModelNotAnswering, "model/b", AlarmPriority.Medium, "fails", after);
            next.TellOthers(after);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            [(_transitions[1].AlarmId, AlarmTransition.Updated), (_transitions[0].AlarmId, AlarmTransition.Cleared)],
            after.Select(transition => (transition.AlarmId, transition.Transition)));
    }

    [Fact]
    public void Acknowledge_OneOfTwo_LeavesTheOther()
    {
        Look("a", "b");
        var second = _transitions[1].AlarmId;
        Assert.Equal(AcknowledgeOutcome.Acknowledged, _alarms.Acknowledge(second, "nurse", _transitions));
        Assert.Equal((second, AlarmState.Acknowledged), (_transitions[2].AlarmId, _transitions[2].State));
        Assert.Equal(AcknowledgeOutcome.NotOpen, _alarms.Acknowledge("none", "nurse", _transitions));
    }

    private void Pass(TimeSpan time, params string[] failing)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(250))
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            Look(failing);
        }
    }

    private void Look(params string[] failing)
    {
        foreach (var model in failing)
        {
            var source = "model/" + model;
            _alarms.Tell(AlarmCondition.ModelNotAnswering, source, AlarmPriority.Medium, "fails", _transitions);
        }

        _alarms.TellOthers(_transitions);
    }
}
