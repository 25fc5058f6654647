using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Tests.Storage;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Tests.Alarms;

/// <summary>The engine on the journal that ships: what it tells after a restart is what it told before.</summary>
public sealed class AlarmEngineOnSqliteTests
{
    [Fact]
    public async Task Restart_OnTheSameFile_ResumesAfterAnyCursorAndGoesOnWithWhatIsOpen()
    {
        const int Total = 4;
        using var store = new StoreFixture();
        List<AlarmEvent> all;
        await using (var bench = await EngineBench.StartAsync(store.Alarms))
        {
            bench.StandStill("a", 0);
            bench.Recover("a", 5);
            bench.StandStill("b", 0);
            var raised = (await bench.PublishedAsync(3))[2];
            await bench.Engine.AcknowledgeAsync(raised.AlarmId, "nurse", CancellationToken.None);
            all = await bench.PublishedAsync(Total);
        }

        store.Reopen();
        await using var next = await EngineBench.StartAsync(store.Alarms);
        for (var after = 0; after < Total; after++)
        {
            Assert.Equal(all.Skip(after), await next.PublishedAsync(Total, (ulong)after));
        }

        var (open, cursor) = next.Engine.ListActive();
        Assert.Equal([("a", AlarmState.Latched), ("b", AlarmState.Acknowledged)], open.Select(e => (e.DeviceId, e.State)));
        Assert.Equal((ulong)Total, cursor);

        next.Recover("b", 5);
        var ended = Assert.Single(await next.PublishedAsync(Total + 1, Total));
        Assert.Equal((all[2].AlarmId, AlarmTransition.Cleared, "nurse"), (ended.AlarmId, ended.Transition, ended.AcknowledgedBy));
        Assert.Equal(AcknowledgeStatus.AlreadyCleared, (await next.Engine.AcknowledgeAsync(ended.AlarmId, "nurse", CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Restart_ReplayOfWhatIsLatched_LeavesTheLatchedAlarmAlone()
    {
        using var store = new StoreFixture();
        await using (var bench = await EngineBench.StartAsync(store.Alarms))
        {
            bench.StandStill("a", 0);
            await bench.PublishedAsync(1);
            bench.Recover("a", 5);
            await bench.PublishedAsync(2);
        }

        store.Reopen();
        await using var next = await EngineBench.StartAsync(store.Alarms);
        foreach (var (time, qrs) in new[] { (0, 0), (4, 0), (5, 5), (6, 6), (7, 7) })
        {
            next.Status("a", time, qrs, replayed: true);
        }

        next.Recover("a", 8);
        next.StandStill("b", 0);
        Assert.Equal("b", Assert.Single(await next.PublishedAsync(3, 2)).DeviceId);
        Assert.Equal(3, (await store.Alarms.ReadAfterAsync(0, 10, default)).Count);
    }
}
