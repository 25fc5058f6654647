using EcgStream.Daemon.Alarms;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Tests.Alarms;

public sealed class AlarmPublicationTests
{
    [Fact]
    public async Task Publisher_FailsNowAndThen_GetsEachTransitionOnceInOrderAndDelaysNobody()
    {
        var publisher = new Flaky();
        await using var bench = await EngineBench.StartAsync(publisher: publisher);
        for (var i = 0; i < 30; i++)
        {
            bench.StandStill($"d{i}", 0);
        }

        // The subscribers' way does not wait for the publisher, which is stuck on its first failure until the clock moves.
        await bench.PublishedAsync(30);
        await EngineBench.UntilAsync(() => publisher.Taken.Count >= 30, () => bench.Clock.Advance(TimeSpan.FromSeconds(1)));

        Assert.Equal(Enumerable.Range(1, 30).Select(i => (ulong)i), publisher.Taken.Where(e => e.Condition == AlarmCondition.Asystole).Take(30).Select(e => e.Cursor));
    }

    [Fact]
    public async Task Publisher_DecidedBeforePublicationRuns_IsNotMissed()
    {
        var publisher = new Flaky();
        await using var bench = await EngineBench.StartAsync(publisher: publisher, beforePublication: async starting =>
        {
            starting.StandStill("a", 0);
            await starting.PublishedAsync(1);
        });
        await EngineBench.UntilAsync(() => publisher.Taken.Count >= 1, () => bench.Clock.Advance(TimeSpan.FromSeconds(1)));

        Assert.Equal((1ul, AlarmCondition.Asystole), (publisher.Taken[0].Cursor, publisher.Taken[0].Condition));
    }

    private sealed class Flaky : IAlarmPublisher
    {
        private readonly List<AlarmEvent> _taken = [];
        private int _attempts;

        public string Name => "flaky";

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

        public ValueTask<bool> PublishAsync(AlarmEvent transition, CancellationToken cancellationToken)
        {
            switch (_attempts++ % 3)
            {
                case 0: return ValueTask.FromResult(false);
                case 1: throw new IOException("no broker");
                default:
                    lock (_taken)
                    {
                        _taken.Add(transition);
                    }

                    return ValueTask.FromResult(true);
            }
        }
    }
}
