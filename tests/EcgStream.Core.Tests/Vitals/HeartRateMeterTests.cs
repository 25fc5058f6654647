using EcgStream.Core.Vitals;

namespace EcgStream.Core.Tests.Vitals;

public sealed class HeartRateMeterTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void At_FewerThanTwoIntervals_IsNotKnown()
    {
        var meter = new HeartRateMeter();
        meter.Add(0, null);
        meter.Add(Second, 1000);
        Assert.Null(meter.At(Second));

        meter.Add(2 * Second, 1000);
        Assert.Equal(60, meter.At(2 * Second));
    }

    [Fact]
    public void At_FastRhythm_IsTheMeanOfEightIntervals()
    {
        var meter = new HeartRateMeter();
        for (var beat = 0; beat < 20; beat++)
        {
            meter.Add(beat * Second / 2, beat % 2 == 0 ? 400 : 600);
        }

        Assert.Equal(120, meter.At(10 * Second)!.Value, 1e-4);
    }

    [Fact]
    public void At_RhythmTurnsSlow_FollowsAfterFourIntervals()
    {
        var meter = new HeartRateMeter();
        for (var beat = 0; beat < 8; beat++)
        {
            meter.Add(beat * Second / 2, 500);
        }

        for (var beat = 0; beat < 4; beat++)
        {
            meter.Add((4 + (2 * beat)) * Second, 2000);
        }

        Assert.Equal(30, meter.At(10 * Second));
    }

    [Fact]
    public void At_FourSecondsWithoutABeat_IsNotKnownAnyMore()
    {
        var meter = new HeartRateMeter();
        meter.Add(0, 800);
        meter.Add(0, 800);

        Assert.Equal(75, meter.At(4 * Second));
        Assert.Null(meter.At((4 * Second) + 1));
    }
}
