using System.Threading.Channels;
using EcgStream.Daemon.Alarms;
using EcgStream.Protocol.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgStream.Daemon.Tests.Alarms;

public sealed class AlarmPublicationTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Publisher_FailsNowAndThen_GetsEachTransitionOnceInOrderAndDelaysNobody()
    {
        var attempts = 0;
        var publisher = new Scripted(_ => (attempts++ % 3) switch
        {
            0 => PublishOutcome.Unavailable("no broker"),
            1 => throw new IOException("no broker"),
            _ => PublishOutcome.Taken,
        });
        await using var bench = await EngineBench.StartAsync(publisher: publisher);
        for (var i = 0; i < 30; i++)
        {
            bench.StandStill($"d{i}", 0);
        }

        // The subscribers' way does not wait for the publisher, which is stuck on its first failure until the clock moves.
        await bench.PublishedAsync(30);
        await EngineBench.UntilAsync(() => publisher.Taken.Count >= 30, () => bench.Clock.Advance(TimeSpan.FromSeconds(1)));

        var asystoles = publisher.Taken.Where(e => e.Condition == AlarmCondition.Asystole).Take(30);
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (ulong)i), asystoles.Select(e => e.Cursor));
    }

    [Fact]
    public async Task Publisher_DecidedBeforePublicationRuns_IsNotMissed()
    {
        var publisher = new Scripted(_ => PublishOutcome.Taken);
        await using var bench = await EngineBench.StartAsync(publisher: publisher, beforePublication: async starting =>
        {
            starting.StandStill("a", 0);
            await starting.PublishedAsync(1);
        });
        await publisher.TakenAsync(1);

        Assert.Equal((1ul, AlarmCondition.Asystole), (publisher.Taken[0].Cursor, publisher.Taken[0].Condition));
    }

    [Fact]
    public async Task Publisher_RefusesADevice_TheOthersGoOnAndItsTransitionsAreParkedInOrderWithTheReason()
    {
        var tries = new Dictionary<ulong, int>();
        var publisher = new Scripted(transition =>
        {
            tries[transition.Cursor] = tries.GetValueOrDefault(transition.Cursor) + 1;
            return transition.DeviceId == "bad" ? PublishOutcome.Refused("not this bed") : PublishOutcome.Taken;
        });
        var store = new MemoryPublicationStore();
        await using var bench = await EngineBench.StartAsync(
            publisher: publisher, publications: store, settings: [("Alarms:Engine:PublisherTries", "4")]);
        bench.StandStill("bad", 0);
        bench.Recover("bad", 5);
        bench.StandStill("good", 0);
        bench.Recover("good", 5);

        // Before the clock moves: nobody waits for another try.
        await publisher.TakenAsync(2);
        Assert.Equal([3ul, 4ul], publisher.Taken.Select(e => e.Cursor));
        Assert.Empty(store.Parked);
        Assert.Equal(0ul, store.Read("scripted") ?? 0);

        await EngineBench.UntilAsync(() => store.Parked.Count >= 2, () => bench.Clock.Advance(Step));
        Assert.Equal([1ul, 2ul], store.Parked.Take(2).Select(e => e.Transition.Cursor));
        Assert.All(store.Parked, e => Assert.Equal("not this bed", e.Reason));
        Assert.Equal((4, 4, 1, 1), (tries[1], tries[2], tries[3], tries[4]));
        await EngineBench.UntilAsync(() => store.Read("scripted") >= 4);
    }

    [Fact]
    public async Task Publisher_TakesWhatItRefusedBefore_ItsDeviceGoesOnInOrder()
    {
        var refusals = 2;
        var publisher = new Scripted(transition =>
            transition.DeviceId == "bad" && refusals-- > 0 ? PublishOutcome.Refused("busy") : PublishOutcome.Taken);
        await using var bench = await EngineBench.StartAsync(publisher: publisher);
        bench.StandStill("bad", 0);
        bench.Recover("bad", 5);
        bench.StandStill("good", 0);
        await publisher.TakenAsync(1); // before the clock moves, and the refused one is tried again
        IEnumerable<ulong> Decided() => publisher.Taken.Select(e => e.Cursor).Where(cursor => cursor <= 3);
        await EngineBench.UntilAsync(() => Decided().Count() == 3, () => bench.Clock.Advance(Step));

        Assert.Equal([3ul, 1ul, 2ul], Decided());
    }

    [Fact]
    public async Task Restart_WithTransitionsThatWereNotTaken_HandsThemOnOnceAndNoneAgain()
    {
        var store = new MemoryPublicationStore();
        var journal = new MemoryAlarmJournal();
        var away = new Scripted(e => e.Cursor == 1 ? PublishOutcome.Taken : PublishOutcome.Unavailable("no broker"));
        await using (var first = await EngineBench.StartAsync(journal, publisher: away, publications: store))
        {
            first.StandStill("a", 0);
            await away.TakenAsync(1);
            first.Recover("a", 5);
            first.StandStill("b", 0);
            await first.PublishedAsync(3);
            await EngineBench.UntilAsync(() => store.Read("scripted") == 1);
        }

        var back = new Scripted(_ => PublishOutcome.Taken);
        await using (await EngineBench.StartAsync(journal, publisher: back, publications: store))
        {
            await back.TakenAsync(2);
            Assert.Equal([2ul, 3ul], back.Taken.Select(e => e.Cursor));
            await EngineBench.UntilAsync(() => store.Read("scripted") >= 3);
        }

        var after = new Scripted(_ => PublishOutcome.Taken);
        await using var third = await EngineBench.StartAsync(journal, publisher: after, publications: store);
        third.StandStill("c", 0);
        await after.TakenAsync(1);
        Assert.True(after.Taken[0].Cursor > 3, $"{after.Taken[0].Cursor} was handed on before");
    }

    [Fact]
    public async Task RunAsync_CancelledWhileOneIsSetAside_EndsAsCancelled()
    {
        await using var bench = await EngineBench.StartAsync();
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var publisher = new Scripted(_ =>
        {
            refused.TrySetResult();
            return PublishOutcome.Refused("no");
        });
        using var follower = new AlarmFollower(
            publisher, new MemoryPublicationStore(), bench.Feed, bench.Get<AlarmMetrics>(), new AlarmEngineOptions(),
            bench.Clock, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var following = follower.RunAsync(0, stop.Token);
        bench.StandStill("a", 0);
        await refused.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        await follower.StopAsync();
    }

    /// <summary>Neither the cursor nor the place for refused ones can be written: what can be handed on is.</summary>
    [Fact]
    public async Task Store_Fails_TransitionsAreHandedOnAllTheSame()
    {
        var store = new MemoryPublicationStore { Fails = true };
        var publisher = new Scripted(e => e.DeviceId == "bad" ? PublishOutcome.Refused("no") : PublishOutcome.Taken);
        await using var bench = await EngineBench.StartAsync(publisher: publisher, publications: store);
        bench.StandStill("bad", 0);
        bench.StandStill("good", 0);
        await publisher.TakenAsync(1);
        for (var i = 0; i < 100; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(1)); // the tries are used up, and it cannot be parked
            await Task.Yield();
        }

        bench.StandStill("better", 0);
        await EngineBench.UntilAsync(() => publisher.Taken.Any(e => e.DeviceId == "better"));

        store.Fails = false;
        await EngineBench.UntilAsync(() => store.Parked.Count > 0, () => bench.Clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal("bad", store.Parked[0].Transition.DeviceId);
    }

    private sealed class Scripted(Func<AlarmEvent, PublishOutcome> script) : IAlarmPublisher
    {
        private readonly List<AlarmEvent> _taken = [];
        private readonly Channel<AlarmEvent> _one = Channel.CreateUnbounded<AlarmEvent>();

        public string Name => "scripted";

        public IReadOnlyList<AlarmEvent> Taken
        {
            get
            {
                lock (_taken)
                {
                    return [.. _taken];
                }
            }
        }

        /// <summary>Waits for so many more.</summary>
        public async Task TakenAsync(int more)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            for (; more > 0; more--)
            {
                await _one.Reader.ReadAsync(patience.Token);
            }
        }

        public ValueTask<PublishOutcome> PublishAsync(AlarmEvent transition, CancellationToken cancellationToken)
        {
            var outcome = script(transition);
            if (outcome.Kind == PublishKind.Taken)
            {
                lock (_taken)
                {
                    _taken.Add(transition);
                }

                _one.Writer.TryWrite(transition);
            }

            return ValueTask.FromResult(outcome);
        }
    }
}
