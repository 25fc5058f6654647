using EcgStream.Daemon.Ingest;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Ingest;

public sealed class RealTimeMeterTests
{
    private const long Second = 1_000_000_000;
    private static readonly TimeSpan Chunk = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void IsAhead_RealTime_NeverIs()
    {
        var clock = new ManualTimeProvider();
        var meter = new RealTimeMeter(clock);
        for (var chunk = 0; chunk < 400; chunk++)
        {
            Assert.False(meter.IsAhead(chunk * Second / 4));
            clock.Advance(Chunk);
        }
    }

    [Fact]
    public void IsAhead_ReplayWithoutPause_IsAfterTwoSecondsOfSignal()
    {
        var meter = new RealTimeMeter(new ManualTimeProvider());
        var ahead = Enumerable.Range(0, 40).Select(chunk => meter.IsAhead(chunk * Second / 4)).ToArray();
        Assert.Equal(9, Array.IndexOf(ahead, true));
        Assert.All(ahead[9..], Assert.True);
    }

    [Fact]
    public void IsAhead_ClockSetForwardByYears_CountsForTenSecondsOnly()
    {
        var clock = new ManualTimeProvider();
        var meter = new RealTimeMeter(clock);
        Assert.False(meter.IsAhead(0));
        clock.Advance(Chunk);
        Assert.True(meter.IsAhead(1_700_000_000 * Second));
        clock.Advance(TimeSpan.FromSeconds(10));
        for (var chunk = 0; chunk < 100; chunk++)
        {
            Assert.False(meter.IsAhead((1_700_000_000 * Second) + (chunk * Second / 4)));
            clock.Advance(Chunk);
        }
    }
}
