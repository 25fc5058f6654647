using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Protocol.V1;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Storage;

public sealed class AlarmJournalTests
{
    [Fact]
    public async Task AppendAsync_Transitions_AreReadBackWholeWithRisingCursors()
    {
        using var fixture = new StoreFixture();
        var raised = Transition("alarm-1", 1, AlarmTransition.Raised, AlarmState.Active);
        var acknowledged = Transition("alarm-1", 2, AlarmTransition.Acknowledged, AlarmState.Acknowledged);
        acknowledged.AcknowledgedBy = "nurse-7";
        await fixture.Alarms.AppendAsync([raised, acknowledged], default);

        Assert.Equal((1ul, 2ul), (raised.Cursor, acknowledged.Cursor));
        Assert.Equal([raised, acknowledged], await fixture.Alarms.ReadAfterAsync(0, 10, default));
        Assert.Equal([acknowledged], await fixture.Alarms.ReadAfterAsync(1, 10, default));
        Assert.Equal([raised], await fixture.Alarms.ReadAfterAsync(0, 1, default));
        Assert.Equal(acknowledged, await fixture.Alarms.FindAsync("alarm-1", default));
        Assert.Null(await fixture.Alarms.FindAsync("alarm-2", default));
        Assert.Equal(2ul, fixture.Alarms.LastCursor);
    }

    [Fact]
    public async Task AppendAsync_SameTransitionAgain_GivesTheFirstCursorAndUsesUpNone()
    {
        using var fixture = new StoreFixture();
        await fixture.Alarms.AppendAsync([Transition("alarm-1", 1, AlarmTransition.Raised, AlarmState.Active)], default);
        await fixture.Alarms.AppendAsync([Transition("alarm-2", 1, AlarmTransition.Raised, AlarmState.Active)], default);
        fixture.Reopen();
        var again = Transition("alarm-1", 1, AlarmTransition.Raised, AlarmState.Active);
        var next = Transition("alarm-3", 1, AlarmTransition.Raised, AlarmState.Active);
        await fixture.Alarms.AppendAsync([again, next], default);

        Assert.Equal((1ul, 3ul), (again.Cursor, next.Cursor));
        Assert.Equal(3ul, fixture.Alarms.LastCursor);
        Assert.Equal(3, (await fixture.Alarms.ReadAfterAsync(0, 10, default)).Count);
    }

    [Fact]
    public async Task LoadActiveAsync_AfterRestart_GivesLatestTransitionOfOpenAlarmsOnly()
    {
        using var fixture = new StoreFixture();
        await fixture.Alarms.AppendAsync(
            [
                Transition("a", 1, AlarmTransition.Raised, AlarmState.Active),
                Transition("b", 2, AlarmTransition.Raised, AlarmState.Active),
                Transition("c", 3, AlarmTransition.Raised, AlarmState.Active),
                Transition("a", 4, AlarmTransition.Cleared, AlarmState.Cleared),
                Transition("b", 5, AlarmTransition.Latched, AlarmState.Latched),
            ],
            default);
        fixture.Reopen();

        Assert.Equal([("c", 3ul), ("b", 5ul)], (await fixture.Alarms.LoadActiveAsync(default)).Select(alarm => (alarm.AlarmId, alarm.Cursor)));
        Assert.Equal(5ul, fixture.Alarms.LastCursor);
    }

    [Fact]
    public async Task AppendAsync_DatabaseFails_StoresNoneAndSaysSo()
    {
        using var fixture = new StoreFixture();
        using (var intruder = fixture.Databases.OpenAlarms())
        {
            intruder.Execute("ALTER TABLE open_alarms RENAME TO hidden");
            AlarmEvent[] both = [Transition("a", 1, AlarmTransition.Raised, AlarmState.Active), Transition("b", 1, AlarmTransition.Raised, AlarmState.Active)];
            await Assert.ThrowsAsync<StorageException>(async () => await fixture.Alarms.AppendAsync(both, default));
            intruder.Execute("ALTER TABLE hidden RENAME TO open_alarms");
            Assert.Empty(await fixture.Alarms.ReadAfterAsync(0, 10, default));

            await fixture.Alarms.AppendAsync(both, default);
            Assert.Equal([1ul, 2], both.Select(alarm => alarm.Cursor));
        }
    }

    [Fact]
    public async Task AppendAsync_WhileABatchOfResultsHoldsItsLock_DoesNotWait()
    {
        using var fixture = new StoreFixture();
        using var batch = fixture.Databases.OpenResults();
        using var transaction = batch.BeginTransaction(deferred: false);

        // The lock is held until the end of the test: an append that needed it would wait out SQLite's patience and fail.
        await fixture.Alarms.AppendAsync([Transition("a", 1, AlarmTransition.Raised, AlarmState.Active)], default);

        Assert.Equal(1ul, fixture.Alarms.LastCursor);
    }

    [Fact]
    public async Task PurgeStep_DeletesOldClosedAlarmsAndKeepsOpenOnes()
    {
        var clock = new ManualTimeProvider();
        using var fixture = new StoreFixture(options => (options.AlarmRetention, options.PurgeRows) = (TimeSpan.FromDays(1), 2), clock);
        await fixture.Alarms.AppendAsync(
            [
                Transition("open", 1, AlarmTransition.Raised, AlarmState.Active),
                Transition("done", 2, AlarmTransition.Raised, AlarmState.Active),
                Transition("done", 3, AlarmTransition.Updated, AlarmState.Active),
                Transition("done", 4, AlarmTransition.Cleared, AlarmState.Cleared),
            ],
            default);
        fixture.Alarms.Audit(new AuditEntry(1, "nurse-7", "acknowledge", "done", ""));

        Assert.Equal(3, fixture.Alarms.PurgeStep());
        Assert.Equal(1, fixture.Alarms.PurgeStep());
        Assert.Equal(0, fixture.Alarms.PurgeStep());
        Assert.Equal("open", Assert.Single(await fixture.Alarms.ReadAfterAsync(0, 10, default)).AlarmId);
        Assert.Empty(fixture.Alarms.ReadAudit(10));
    }

    [Fact]
    public void PurgeStep_SearchesByAnIndexAndSortsNothing()
    {
        using var fixture = new StoreFixture();
        var plan = fixture.Plan(
            AlarmJournal.PurgeAlarms.Replace("$before", "5", StringComparison.Ordinal).Replace("$rows", "10", StringComparison.Ordinal), alarms: true);
        Assert.Contains("alarms USING INDEX alarms_by_published (published_ns<?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN TABLE alarms", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
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

    internal static AlarmEvent Transition(string alarm, ulong at, AlarmTransition transition, AlarmState state) => new()
    {
        AlarmId = alarm,
        DeviceId = "dev-1",
        Condition = AlarmCondition.Asystole,
        Kind = AlarmKind.Patient,
        Priority = AlarmPriority.High,
        State = state,
        Transition = transition,
        OnsetUnixNs = at - 1,
        EventUnixNs = at,
        PublishedUnixNs = at + 1,
        Message = "*** ASYSTOLE",
        Source = "rule:asystole",
        Value = 4.25,
        Unit = "s",
    };
}
