using EcgStream.Core.Beats;
using EcgStream.Core.Signals;
using EcgStream.Testing;

namespace EcgStream.Core.Tests.Beats;

public sealed class BeatSequencerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<ClassifiedBeat> _out = [];
    private readonly BeatSequencer _sequencer;

    public BeatSequencerTests() => _sequencer = new BeatSequencer(Limit, _clock, _out.Add);

    [Fact]
    public void Classified_OutOfOrder_ComesOutInOrder()
    {
        Beat[] beats = [At(1), At(2), At(3)];
        foreach (var beat in beats)
        {
            _sequencer.Add(in beat);
            _sequencer.Sent(in beat);
        }

        _sequencer.Classified(in beats[2], BeatClass.S, 0.6f);
        _sequencer.Classified(in beats[1], BeatClass.V, 0.7f);
        Assert.Empty(_out);
        _sequencer.Classified(in beats[0], BeatClass.N, 0.9f);

        Assert.Equal(
            [new(beats[0], BeatClass.N, 0.9f), new(beats[1], BeatClass.V, 0.7f), new ClassifiedBeat(beats[2], BeatClass.S, 0.6f)], _out);
    }

    [Fact]
    public void Poll_ResultOverdue_BeatIsQAndTheNextOnesGoOn()
    {
        Beat late = At(1), next = At(2);
        _sequencer.Add(in late);
        _sequencer.Sent(in late);
        _sequencer.Add(in next);
        _sequencer.Classified(in next, BeatClass.V, 0.8f);
        _clock.Advance(Limit - TimeSpan.FromMilliseconds(1));
        _sequencer.Poll();
        Assert.Empty(_out);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _sequencer.Poll();

        Assert.Equal([new(late, BeatClass.Q, 0), new ClassifiedBeat(next, BeatClass.V, 0.8f)], _out);
        Assert.Equal(1, _sequencer.TimedOut);
        _sequencer.Classified(in late, BeatClass.N, 1);
        Assert.Equal((2, 1L), (_out.Count, _sequencer.Unmatched));
    }

    [Fact]
    public void Poll_WindowNotCutYet_WaitsLonger()
    {
        var beat = At(1);
        _sequencer.Add(in beat);
        _clock.Advance(TimeSpan.FromSeconds(9));
        _sequencer.Poll();
        Assert.Empty(_out);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _sequencer.Poll();
        Assert.Equal(BeatClass.Q, Assert.Single(_out).Class);
    }

    [Fact]
    public void Add_MoreThanCapacity_TheOldestIsQAndCounted()
    {
        for (var second = 0; second < BeatSequencer.Capacity + 5; second++)
        {
            var beat = At(second);
            _sequencer.Add(in beat);
        }

        Assert.Equal(5, _sequencer.Overflowed);
        Assert.Equal(Enumerable.Range(0, 5).Select(second => At(second)), _out.Select(beat => beat.Beat));
        _sequencer.Flush();
        Assert.Equal(BeatSequencer.Capacity + 5, _out.Count);
        Assert.All(_out, beat => Assert.Equal((BeatClass.Q, 0f), (beat.Class, beat.Probability)));
    }

    [Fact]
    public void Classified_SameTimeOfAnotherSession_IsNoMatch()
    {
        var beat = At(1);
        _sequencer.Add(in beat);
        _sequencer.Classified(beat with { SessionId = 8 }, BeatClass.V, 1);
        Assert.Empty(_out);
        Assert.Equal(1, _sequencer.Unmatched);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyOrder_EveryBeatOnceInOrder(int seed)
    {
        var random = new Random(seed);
        var expected = new Dictionary<long, BeatClass>();
        var open = new List<Beat>();
        for (var second = 0; second < 500; second++)
        {
            var beat = At(second);
            _sequencer.Add(in beat);
            open.Add(beat);
            while (open.Count > 0 && (open.Count > 40 || random.Next(3) > 0))
            {
                var index = random.Next(open.Count);
                var chosen = open[index];
                open.RemoveAt(index);
                var beatClass = (BeatClass)random.Next(5);
                expected[chosen.TimeUnixNs] = beatClass;
                _sequencer.Classified(in chosen, beatClass, 0.5f);
            }
        }

        foreach (var left in open)
        {
            _sequencer.Unclassified(in left);
            expected[left.TimeUnixNs] = BeatClass.Q;
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(second => At(second)), _out.Select(beat => beat.Beat));

        // A beat that waited behind 64 others went out as Q before its own result came.
        var crowded = _out.Count(beat => beat.Class != expected[beat.Beat.TimeUnixNs]);
        Assert.True(crowded <= _sequencer.Overflowed, $"seed {seed}");
        Assert.Equal(0, _sequencer.Count);
    }

    private static Beat At(int second) => new("bed-1", 7, second * 1_000_000_000L, null, 1, Lead.II, 0);
}
