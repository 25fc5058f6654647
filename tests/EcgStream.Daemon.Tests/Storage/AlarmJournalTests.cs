using System.Diagnostics;
using EcgStream.Core.Alarms;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Storage;

public sealed class AlarmJournalTests
{
    [Fact]
    public void TryAppend_Transition_IsReadBackWholeWithRisingCursor()
    {
        using var fixture = new StoreFixture();
        var raised = Transition("alarm-1", 1, AlarmTransition.Raised, AlarmState.Active);
        var acknowledged = Transition("alarm-1", 2, AlarmTransition.Acknowledged, AlarmState.Acknowledged) with { AcknowledgedBy = "nurse-7" };
        Assert.True(fixture.Alarms.TryAppend(raised, out var first));
        Assert.True(fixture.Alarms.TryAppend(acknowledged, out var second));

        Assert.Equal((1ul, 2ul), (first, second));
        Assert.Equal([new(1, raised), new(2, acknowledged)], fixture.Alarms.ReadAfter(0, 10));
        Assert.Equal([new(2, acknowledged)], fixture.Alarms.ReadAfter(1, 10));
        Assert.Equal(2ul, fixture.Alarms.LastCursor);
    }

    [Fact]
    public void TryAppend_SameTransitionTwice_KeepsTheFirstCursor()
    {
        using var fixture = new StoreFixture();
        fixture.Alarms.TryAppend(Transition("alarm-1", 1, AlarmTransition.Raised, AlarmState.Active), out var first);
        fixture.Alarms.TryAppend(Transition("alarm-2", 1, AlarmTransition.Raised, AlarmState.Active), out _);
        fixture.Reopen();

        Assert.False(fixture.Alarms.TryAppend(Transition("alarm-1", 1, AlarmTransition.Raised, AlarmState.Active), out var again));
        Assert.Equal(first, again);
        Assert.Equal(2ul, fixture.Alarms.LastCursor);
        Assert.Equal(2, fixture.Alarms.ReadAfter(0, 10).Count);
    }

    [Fact]
    public void LoadActive_AfterRestart_GivesLatestTransitionOfOpenAlarmsOnly()
    {
        using var fixture = new StoreFixture();
        fixture.Alarms.TryAppend(Transition("a", 1, AlarmTransition.Raised, AlarmState.Active), out _);
        fixture.Alarms.TryAppend(Transition("b", 2, AlarmTransition.Raised, AlarmState.Active), out _);
        fixture.Alarms.TryAppend(Transition("c", 3, AlarmTransition.Raised, AlarmState.Active), out _);
        fixture.Alarms.TryAppend(Transition("a", 4, AlarmTransition.Cleared, AlarmState.Cleared), out _);
        fixture.Alarms.TryAppend(Transition("b", 5, AlarmTransition.Latched, AlarmState.Latched), out _);
        fixture.Reopen();

        Assert.Equal([("c", 3ul), ("b", 5ul)], fixture.Alarms.LoadActive().Select(alarm => (alarm.Transition.AlarmId, alarm.Cursor)));
    }

    [Fact]
    public void TryAppend_WhileABatchOfResultsHoldsItsLock_DoesNotWait()
    {
        using var fixture = new StoreFixture();
        using var batch = fixture.Databases.OpenResults();
        using var transaction = batch.BeginTransaction(deferred: false);
        var started = Stopwatch.GetTimestamp();

        Assert.True(fixture.Alarms.TryAppend(Transition("a", 1, AlarmTransition.Raised, AlarmState.Active), out _));

        // The lock is held until the end of the test: had the append needed it, it would have waited out its 5 s and failed.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void PurgeStep_DeletesOldClosedAlarmsAndKeepsOpenOnes()
    {
        var clock = new ManualTimeProvider();
        using var fixture = new StoreFixture(options => (options.AlarmRetention, options.PurgeRows) = (TimeSpan.FromDays(1), 2), clock);
        fixture.Alarms.TryAppend(Transition("open", 1, AlarmTransition.Raised, AlarmState.Active), out _);
        fixture.Alarms.TryAppend(Transition("done", 2, AlarmTransition.Raised, AlarmState.Active), out _);
        fixture.Alarms.TryAppend(Transition("done", 3, AlarmTransition.Updated, AlarmState.Active), out _);
        fixture.Alarms.TryAppend(Transition("done", 4, AlarmTransition.Cleared, AlarmState.Cleared), out _);
        fixture.Alarms.Audit(new AuditEntry(1, "nurse-7", "acknowledge", "done", ""));

        Assert.Equal(3, fixture.Alarms.PurgeStep());
        Assert.Equal(1, fixture.Alarms.PurgeStep());
        Assert.Equal(0, fixture.Alarms.PurgeStep());
        Assert.Equal("open", Assert.Single(fixture.Alarms.ReadAfter(0, 10)).Transition.AlarmId);
        Assert.Empty(fixture.Alarms.ReadAudit(10));
    }

    [Fact]
    public void Audit_IsReadBackNewestFirst()
    {
        using var fixture = new StoreFixture();
        fixture.Alarms.Audit(new AuditEntry(1, "daemon", "start", "", "0.1.0"));
        fixture.Alarms.Audit(new AuditEntry(2, "nurse-7", "acknowledge", "a", "seen"));
        fixture.Reopen();
        Assert.Equal([new(2, "nurse-7", "acknowledge", "a", "seen"), new(1, "daemon", "start", "", "0.1.0")], fixture.Alarms.ReadAudit(10));
    }

    private static AlarmTransitionRecord Transition(string alarm, long at, AlarmTransition transition, AlarmState state) => new(
        alarm, "dev-1", AlarmCondition.Asystole, AlarmKind.Patient, AlarmPriority.High, state, transition, at - 1, at, at + 1, "*** ASYSTOLE", "rule:asystole", 4.25, "s", "");
}
