using EcgStream.Daemon.Alarms;
using EcgStream.Protocol.V1;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Alarms;

public sealed class AlarmEngineTests
{
    [Fact]
    public async Task OnStatus_Asystole_IsStoredPublishedAndListed()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.StandStill("a", 0);
        var raised = Assert.Single(await bench.PublishedAsync(1));
        Assert.Equal((1ul, AlarmCondition.Asystole, AlarmTransition.Raised, "a"), (raised.Cursor, raised.Condition, raised.Transition, raised.DeviceId));
        Assert.Equal(((ulong)EngineBench.At(0), (ulong)EngineBench.At(4)), (raised.OnsetUnixNs, raised.EventUnixNs));
        Assert.Equal(raised, Assert.Single(bench.Journal.Stored()));
        var (alarms, cursor) = bench.Engine.ListActive();
        Assert.Equal((raised, 1ul), (Assert.Single(alarms), cursor));
    }

    [Fact]
    public async Task Resume_AfterAnyCursor_GivesExactlyTheRest()
    {
        await using var bench = await EngineBench.StartAsync();
        for (var round = 0; round < 4; round++)
        {
            foreach (var device in new[] { "a", "b", "c" })
            {
                bench.StandStill(device, round * 20);
                bench.Recover(device, (round * 20) + 5);
            }
        }

        // Raised, latched, and from the second round on the clearing of the one before.
        const int Total = 3 * ((4 * 2) + 3);
        var all = await bench.PublishedAsync(Total);
        Assert.Equal(Enumerable.Range(1, Total).Select(i => (ulong)i), all.Select(e => e.Cursor));
        for (var after = 0; after < Total; after++)
        {
            Assert.Equal(all.Skip(after), await bench.PublishedAsync(Total, (ulong)after));
        }

        await using var next = await bench.RestartAsync();
        Assert.Equal(all.Skip(5), await next.PublishedAsync(Total, 5));
    }

    [Fact]
    public async Task Restart_WithOpenAlarms_GoesOnUnderTheSameId()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.StandStill("a", 0);
        bench.Status("b", 1, 1, leadsOff: EngineBench.Leads);
        bench.Status("b", 2, 2, leadsOff: EngineBench.Leads);
        var before = await bench.PublishedAsync(2);
        await using var next = await bench.RestartAsync();
        Assert.Equal(before.OrderBy(e => e.AlarmId), next.Engine.ListActive().Alarms.OrderBy(e => e.AlarmId));

        next.Status("a", 5, 0);
        next.Status("b", 3, 3, leadsOff: EngineBench.Leads);
        next.Recover("a", 6);
        var latched = Assert.Single(await next.PublishedAsync(3, 2));
        Assert.Equal((before[0].AlarmId, AlarmTransition.Latched), (latched.AlarmId, latched.Transition));
    }

    [Fact]
    public async Task Restart_ReplayOfTheChunkJournal_DecidesNothingTwice()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.StandStill("a", 0);
        bench.Recover("a", 5);
        var latched = (await bench.PublishedAsync(2))[1];
        await bench.Engine.AcknowledgeAsync(latched.AlarmId, "nurse", CancellationToken.None);
        await bench.PublishedAsync(4);

        await using var next = await bench.RestartAsync();
        foreach (var (time, qrs) in new[] { (0, 0), (4, 0), (5, 5), (6, 6), (7, 7), (8, 7), (11, 7) })
        {
            next.Status("a", time, qrs, replayed: true);
        }

        var fifth = Assert.Single(await next.PublishedAsync(5, 4));
        Assert.Equal((AlarmTransition.Raised, (ulong)EngineBench.At(11)), (fifth.Transition, fifth.EventUnixNs));
    }

    [Fact]
    public async Task AcknowledgeAsync_ManyAtOnce_OneTransition()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.StandStill("a", 0);
        var id = (await bench.PublishedAsync(1))[0].AlarmId;
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => bench.Engine.AcknowledgeAsync(id, $"nurse {i}", CancellationToken.None))));
        var winner = Assert.Single(replies, r => r.Status == AcknowledgeStatus.Acknowledged);
        Assert.Equal(15, replies.Count(r => r.Status == AcknowledgeStatus.AlreadyAcknowledged));
        var stored = Assert.Single(bench.Journal.Stored(), e => e.Transition == AlarmTransition.Acknowledged);
        Assert.Equal(stored, winner.Alarm);
        Assert.StartsWith("nurse ", stored.AcknowledgedBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcknowledgeAsync_LatchedClearedAndUnknown_SaysWhich()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.StandStill("a", 0);
        bench.Recover("a", 5);
        var id = (await bench.PublishedAsync(2))[0].AlarmId;
        var reply = await bench.Engine.AcknowledgeAsync(id, "nurse", CancellationToken.None);
        Assert.Equal((AcknowledgeStatus.Acknowledged, AlarmState.Cleared, "nurse"), (reply.Status, reply.Alarm!.State, reply.Alarm.AcknowledgedBy));
        Assert.Equal(AcknowledgeStatus.AlreadyCleared, (await bench.Engine.AcknowledgeAsync(id, "nurse", CancellationToken.None)).Status);
        Assert.Equal(AcknowledgeStatus.Unknown, (await bench.Engine.AcknowledgeAsync("none", "nurse", CancellationToken.None)).Status);
        Assert.Empty(bench.Engine.ListActive().Alarms);
    }

    [Fact]
    public async Task Journal_FailsForAWhile_PublishesAtOnceMarkedAndStoresInOrderWhenItWorksAgain()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Journal.Failures = 3;
        bench.StandStill("a", 0);
        bench.StandStill("b", 0);
        var published = await bench.PublishedAsync(2);
        Assert.All(published, e => Assert.True(e.NotStored, e.ToString()));
        Assert.Equal(["a", "b"], bench.Engine.ListActive().Alarms.Select(e => e.DeviceId).Order());
        Assert.Empty(bench.Journal.Stored());

        // A subscriber who comes now gets what waits, from the same cursors.
        Assert.Equal(published.Skip(1), await bench.PublishedAsync(2, 1));
        await EngineBench.UntilAsync(() => bench.Journal.Stored().Count >= 2, () => bench.Clock.Advance(TimeSpan.FromMilliseconds(50)));
        Assert.Equal(3, bench.Get<AlarmMetrics>().JournalFailureTotal);
        Assert.Null(bench.Get<AlarmStorer>().FailureReason);
        Assert.Equal(
            published.Select(e => (e.Cursor, e.AlarmId, false)), bench.Journal.Stored().Take(2).Select(e => (e.Cursor, e.AlarmId, e.NotStored)));
    }

    [Fact]
    public async Task Journal_Hangs_PublishesAfterTheLimitMarked()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Journal.Stall();
        bench.StandStill("a", 0);
        var published = bench.PublishedAsync(1);
        await EngineBench.UntilAsync(() => published.IsCompleted, () => bench.Clock.Advance(TimeSpan.FromMilliseconds(10)));
        Assert.True(Assert.Single(await published).NotStored);

        // The next does not wait at all.
        bench.StandStill("b", 0);
        Assert.True(Assert.Single(await bench.PublishedAsync(2, 1)).NotStored);
        bench.Journal.Go();
        await EngineBench.UntilAsync(() => bench.Journal.Stored().Count == 2);
    }

    [Fact]
    public async Task Journal_Fails_RaisesATechnicalAlarmThatEndsByItself()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Journal.Failures = int.MaxValue;
        bench.StandStill("a", 0);
        await bench.PublishedAsync(1);
        await EngineBench.UntilAsync(() => bench.Get<AlarmStorer>().FailureReason is not null);
        bench.Engine.OnTick();
        var told = Assert.Single(await bench.PublishedAsync(2, 1));
        Assert.Equal(
            ("$daemon", AlarmCondition.RecordingSuspended, AlarmKind.Technical, AlarmPriority.Medium, AlarmTransition.Raised),
            (told.DeviceId, told.Condition, told.Kind, told.Priority, told.Transition));
        Assert.Equal("** Alarms are not stored", told.Message);
        Assert.Equal(AcknowledgeStatus.Acknowledged, (await bench.Engine.AcknowledgeAsync(told.AlarmId, "nurse", CancellationToken.None)).Status);
        bench.Journal.Failures = 0;
        await EngineBench.UntilAsync(
            () => bench.Journal.Stored().Any(e => e is { Condition: AlarmCondition.RecordingSuspended, Transition: AlarmTransition.Cleared }),
            () => bench.Clock.Advance(TimeSpan.FromMilliseconds(250)));
    }

    [Fact]
    public async Task Queue_Full_DefersInputsAndRaisesWhatHoldsOnceThereIsRoom()
    {
        await using var bench = await EngineBench.StartAsync(settings: [("Alarms:Engine:TransitionCapacity", "16"), ("Alarms:Engine:BatchSize", "1")]);
        bench.Journal.Stall();
        var devices = Enumerable.Range(0, 40).Select(i => $"d{i}").ToList();
        foreach (var device in devices)
        {
            bench.StandStill(device, 0);
        }

        // Those whose alarm waits with them are judged no further; nothing here blocked on the journal.
        var metrics = bench.Get<AlarmMetrics>();
        Assert.Equal(0, metrics.DeferredTotal);
        foreach (var device in devices)
        {
            bench.Recover(device, 5);
        }

        Assert.True(metrics.DeferredTotal > 0, "no input was deferred although the queue holds 16 of 40");
        bench.Journal.Go();
        await EngineBench.UntilAsync(() => bench.Engine.ListActive().Alarms.Count == devices.Count, bench.Engine.OnTick);

        foreach (var device in devices)
        {
            bench.Recover(device, 10);
        }

        await EngineBench.UntilAsync(() => bench.Engine.ListActive().Alarms.All(a => a.State == AlarmState.Latched), bench.Engine.OnTick);

        foreach (var device in bench.Journal.Stored().GroupBy(e => e.DeviceId))
        {
            Assert.Equal([AlarmTransition.Raised, AlarmTransition.Latched], device.Select(e => e.Transition));
        }
    }

    [Fact]
    public async Task OnStatus_NothingChanges_AllocatesNothing()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Status("a", 0, 0);
        bench.Status("a", 0.1, 0.1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 1000; i++)
        {
            bench.Status("a", i * 0.1, i * 0.1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task OnSessionEnded_NothingOpen_DeviceIsForgottenAfterTheGrace()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Status("a", 0, 0);
        bench.Engine.OnSessionEnded("a", EngineBench.Session);
        bench.Clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(1, bench.Engine.Devices);
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, bench.Engine.Devices);
        bench.StandStill("a", 100);
        Assert.Single(await bench.PublishedAsync(1));
    }

    [Fact]
    public async Task OnDeviceForgotten_LossOfDataUnseen_StaysListedUntilAcknowledgedThenTheDeviceIsDropped()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Status("a", 1, 1, leadsOff: EngineBench.Leads);
        bench.Status("a", 2, 2, leadsOff: EngineBench.Leads);
        await bench.PublishedAsync(1);
        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        var raised = Assert.Single(await bench.PublishedAsync(2, 1));
        bench.Engine.OnDeviceForgotten("a");
        bench.Engine.OnDeviceForgotten("a");
        bench.Engine.OnDeviceForgotten("never seen");
        var ended = await bench.PublishedAsync(4, 2);
        Assert.Equal(
            [(AlarmCondition.NoData, AlarmTransition.Latched), (AlarmCondition.LeadOff, AlarmTransition.Cleared)], ended.Select(e => (e.Condition, e.Transition)));
        Assert.All(ended, e => Assert.Contains("forgotten after silence", e.Message, StringComparison.Ordinal));
        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, bench.Engine.Devices);
        Assert.Equal(raised.AlarmId, Assert.Single(bench.Engine.ListActive().Alarms).AlarmId);

        await using var next = await bench.RestartAsync();
        Assert.Equal(1, next.Engine.Devices);
        Assert.Equal(AcknowledgeStatus.Acknowledged, (await next.Engine.AcknowledgeAsync(raised.AlarmId, "nurse", CancellationToken.None)).Status);
        await next.PublishedAsync(6, 4);
        Assert.Empty(next.Engine.ListActive().Alarms);
        next.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, next.Engine.Devices);
        Assert.Equal(6, next.Journal.Stored().Count);
    }

    [Fact]
    public async Task OnDeviceForgotten_LossOfDataAcknowledged_ClearsAndDropsAtTheNextTick()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Status("a", 0, 0);
        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        var raised = Assert.Single(await bench.PublishedAsync(1));
        await bench.Engine.AcknowledgeAsync(raised.AlarmId, "nurse", CancellationToken.None);
        bench.Engine.OnDeviceForgotten("a");
        Assert.Equal(AlarmTransition.Cleared, (await bench.PublishedAsync(3, 2))[0].Transition);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, bench.Engine.Devices);
    }

    [Fact]
    public async Task OnDischarged_ActiveAndLatchedAlarms_AreClearedForGoodAndTheDeviceComesBackAsNew()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.StandStill("a", 0);
        bench.Recover("a", 5);
        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(AlarmCondition.NoData, (await bench.PublishedAsync(3))[2].Condition);

        bench.Engine.OnDischarged("a");
        bench.Engine.OnDischarged("never seen");
        bench.Result("a", 20, abnormal: true); // of a window that a model still had
        var cleared = await bench.PublishedAsync(5, 3);
        Assert.Equal([AlarmCondition.NoData, AlarmCondition.Asystole], cleared.Select(e => e.Condition));
        Assert.All(cleared, e => Assert.Equal(AlarmState.Cleared, e.State));
        Assert.All(cleared, e => Assert.EndsWith(": discharged", e.Message, StringComparison.Ordinal));
        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((0, 5), (bench.Engine.Devices, bench.Journal.Stored().Count));

        bench.StandStill("a", 30);
        var again = Assert.Single(await bench.PublishedAsync(6, 5));
        Assert.Equal((AlarmCondition.Asystole, AlarmTransition.Raised), (again.Condition, again.Transition));
    }

    /// <summary>Made-up ids that fall silent, each with an alarm that nobody acknowledges.</summary>
    [Fact]
    public async Task OnDeviceForgotten_MoreThanAreKept_ThoseSilentLongestAreClearedUnseen()
    {
        await using var bench = await EngineBench.StartAsync(settings: [("Alarms:Engine:MaxForgotten", "3")]);
        for (var i = 0; i < 5; i++)
        {
            bench.Status($"d{i}", 0, 0);
            bench.Clock.Advance(TimeSpan.FromSeconds(10));
            bench.Engine.OnDeviceForgotten($"d{i}");
        }

        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await EngineBench.UntilAsync(() => bench.Engine.ListActive().Alarms.Count == 3);
        var kept = bench.Engine.ListActive().Alarms.Select(alarm => alarm.DeviceId).Order();
        Assert.Equal(["d2", "d3", "d4"], kept);
        Assert.Equal(3, bench.Engine.Devices);
    }

    /// <summary>At a start every device with an open alarm is yet to be heard of: none of them has left.</summary>
    [Fact]
    public async Task StartAsync_MoreDevicesWithAlarmsThanAreKeptOfThoseThatLeft_AllHaveTimeToComeBack()
    {
        var journal = new MemoryAlarmJournal();
        var clock = new ManualTimeProvider();
        await using (var first = await EngineBench.StartAsync(journal, clock))
        {
            for (var i = 0; i < 5; i++)
            {
                first.StandStill($"d{i}", 0);
            }

            await first.PublishedAsync(5);
        }

        await using var next = await EngineBench.StartAsync(
            journal, clock, settings: [("Alarms:Engine:MaxForgotten", "3")]);
        clock.Advance(AlarmDevice.ReturnsWithin - TimeSpan.FromMinutes(1));
        Assert.Equal(5, next.Engine.Devices);
        next.Status("d0", 1000, 1000);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(4, next.Engine.Devices);
        Assert.True(next.Engine.Knows("d0"));
    }

    [Fact]
    public async Task OnDeviceForgotten_UnseenForTooLong_IsClearedAndAfterARestartToo()
    {
        await using var bench = await EngineBench.StartAsync(
            settings: [("Alarms:Engine:KeepForgottenFor", "02:00:00")]);
        bench.Status("a", 0, 0);
        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        bench.Engine.OnDeviceForgotten("a");
        bench.Clock.Advance(TimeSpan.FromHours(1.9));
        Assert.Equal(1, bench.Engine.Devices);
        bench.Clock.Advance(TimeSpan.FromHours(0.2));
        await EngineBench.UntilAsync(() => bench.Engine.ListActive().Alarms.Count == 0);
        Assert.Equal(0, bench.Engine.Devices);

        bench.Status("b", 0, 0);
        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        await using var next = await bench.RestartAsync();
        next.Clock.Advance(TimeSpan.FromDays(8));
        await EngineBench.UntilAsync(() => next.Engine.ListActive().Alarms.Count == 0);
        Assert.Equal(0, next.Engine.Devices);
    }

    [Fact]
    public async Task OnDeviceForgotten_SameSessionComesBack_IsJudgedAgain()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Status("a", 0, 0);
        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        await bench.PublishedAsync(1);
        bench.Engine.OnDeviceForgotten("a");
        bench.Status("a", 60, 60);
        bench.Clock.Advance(TimeSpan.FromSeconds(30)); // longer than the grace of an ended session

        var story = await bench.PublishedAsync(4);
        Assert.Equal(
            [AlarmTransition.Raised, AlarmTransition.Latched, AlarmTransition.Cleared, AlarmTransition.Raised], story.Select(e => e.Transition));
        Assert.Equal((story[0].AlarmId, story[0].AlarmId), (story[1].AlarmId, story[2].AlarmId));
        Assert.NotEqual(story[0].AlarmId, story[3].AlarmId);
        Assert.Equal(1, bench.Engine.Devices);
    }

    [Fact]
    public async Task Timer_NoDataForFiveSeconds_Raises()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Status("a", 0, 0);
        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(AlarmCondition.NoData, (await bench.PublishedAsync(1))[0].Condition);
    }

    [Fact]
    public async Task OnResult_ManyThreadsAndDevices_EachDevicesTransitionsAreInOrder()
    {
        await using var bench = await EngineBench.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            var device = $"d{i}";
            bench.Status(device, 0.1, 0.1);
            for (var n = 0; n < 400; n++)
            {
                bench.Result(device, 10 + n, n / 10 % 2 == 0);
            }
        })));
        // 400 windows in blocks of ten: 20 raises, and as many ends, each block long enough for the hysteresis.
        var all = await bench.PublishedAsync(8 * 40);
        foreach (var device in all.GroupBy(e => e.DeviceId))
        {
            Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? AlarmTransition.Raised : AlarmTransition.Cleared), device.Select(e => e.Transition));
            Assert.Equal(20, device.Select(e => e.AlarmId).Distinct().Count());
        }
    }

    [Fact]
    public async Task StopAsync_WithTransitionsQueued_StoresThem()
    {
        await using var bench = await EngineBench.StartAsync();
        bench.Journal.Stall();
        for (var i = 0; i < 100; i++)
        {
            bench.StandStill($"d{i}", 0);
        }

        var stopping = bench.StopAsync();
        bench.Journal.Go();
        await stopping;
        Assert.Equal(100, bench.Journal.Stored().Count);
    }

    [Fact]
    public async Task StopAsync_JournalStalls_GivesUpAtTheLimitAndAStatusAfterwardsDoesNotThrow()
    {
        var clock = new ManualTimeProvider();
        await using var bench = await EngineBench.StartAsync(clock: clock);
        bench.Journal.Stall();
        bench.StandStill("a", 0);
        var stopping = bench.StopAsync();
        await EngineBench.UntilAsync(() => stopping.IsCompleted, () => clock.Advance(TimeSpan.FromSeconds(1)));

        await stopping;
        Assert.Empty(bench.Journal.Stored());
        bench.StandStill("b", 0);
    }
}
