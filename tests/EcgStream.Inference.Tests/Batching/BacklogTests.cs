using EcgStream.Inference.Batching;
using EcgStream.Testing;

namespace EcgStream.Inference.Tests.Batching;

public sealed class BacklogTests
{
    private readonly ManualTimeProvider _clock = new();

    /// <summary>A queue at its brim loses a window, gives up a batch, and is full again: that is one overflow, told once.</summary>
    [Fact]
    public void Lost_QueueThatStaysNearlyFull_IsOneOverflow()
    {
        var backlog = new Backlog(100, _clock);
        Assert.True(backlog.Lost());
        for (var batch = 0; batch < 20; batch++)
        {
            backlog.Begin(_clock.GetTimestamp());
            Assert.Equal(0, backlog.End(left: 68));
            Assert.True(backlog.IsOverflowing);
            Assert.False(backlog.Lost());
        }

        Assert.Equal(0, backlog.End(left: 51));
        Assert.Equal(21, backlog.End(left: 50));
        Assert.False(backlog.IsOverflowing);
        Assert.Equal(0, backlog.End(left: 0));
        Assert.True(backlog.Lost());
        Assert.Equal(1, backlog.End(left: 0));
    }

    [Fact]
    public void Lag_BatchThatRuns_CountsBeforeTheQueue()
    {
        var backlog = new Backlog(8, _clock);
        Assert.Equal(TimeSpan.Zero, backlog.Lag(null));
        var first = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(2));
        var second = _clock.GetTimestamp();
        backlog.Begin(first);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(3), backlog.Lag(second));
        backlog.End(left: 1);
        Assert.Equal(TimeSpan.FromSeconds(1), backlog.Lag(second));
    }
}
