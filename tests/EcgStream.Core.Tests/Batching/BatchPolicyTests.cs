using EcgStream.Core.Batching;
using EcgStream.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace EcgStream.Core.Tests.Batching;

public sealed class BatchPolicyTests
{
    private static readonly BatchPolicy Policy = new(4, TimeSpan.FromMilliseconds(20));

    [Fact]
    public void Decide_NothingWaits_WaitsForEver() =>
        Assert.Equal(new BatchDecision(false, Timeout.InfiniteTimeSpan), Policy.Decide(0, TimeSpan.Zero));

    [Fact]
    public void Decide_Full_SendsHoweverYoung() => Assert.True(Policy.Decide(4, TimeSpan.Zero).SendNow);

    [Fact]
    public void Decide_OldestHasWaitedLongEnough_SendsHoweverFew() => Assert.True(Policy.Decide(1, TimeSpan.FromMilliseconds(20)).SendNow);

    [Fact]
    public void Decide_LessLeftThanATimerResolves_Sends() => Assert.True(Policy.Decide(1, TimeSpan.FromMilliseconds(19.5)).SendNow);

    [Fact]
    public void Decide_Neither_WaitsForTheRest() =>
        Assert.Equal(new BatchDecision(false, TimeSpan.FromMilliseconds(13)), Policy.Decide(3, TimeSpan.FromMilliseconds(7)));

    [Fact]
    public void Decide_NoDelayAllowed_SendsWhatIsThere() => Assert.True(new BatchPolicy(32, TimeSpan.Zero).Decide(1, TimeSpan.Zero).SendNow);

    [Fact]
    public void Decide_ClockSteppedBack_WaitsNoLongerThanTheDelay() =>
        Assert.Equal(TimeSpan.FromMilliseconds(20), Policy.Decide(1, TimeSpan.FromSeconds(-5)).Wait);

    [Fact]
    public void Decide_WithAClock_TakesTheAgeFromIt()
    {
        var clock = new ManualTimeProvider();
        var came = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromMilliseconds(12));
        var wait = Policy.Decide(1, came, clock).Wait;
        Assert.InRange(wait, TimeSpan.FromMilliseconds(7.99), TimeSpan.FromMilliseconds(8.01));
        clock.Advance(wait + TimeSpan.FromTicks(10));
        Assert.True(Policy.Decide(1, came, clock).SendNow);
    }

    /// <summary>Whoever follows the decisions never holds a full batch, nor a window beyond the delay, and never waits for nothing.</summary>
    [Fact]
    public void Decide_Any_KeepsBothLimits() => Prop.ForAll(
        Gen.Choose(1, 64).SelectMany(max => Gen.Choose(0, 128).SelectMany(count => Gen.Choose(0, 2000).SelectMany(delay => Gen.Choose(-100, 4000), (delay, age) => (max, count, delay, age)))).ToArbitrary(),
        input =>
        {
            var delay = TimeSpan.FromMicroseconds(10 * input.delay);
            var age = TimeSpan.FromMicroseconds(10 * input.age);
            var decision = new BatchPolicy(input.max, delay).Decide(input.count, age);
            var due = input.count > 0 && (input.count >= input.max || delay - age < BatchPolicy.TimerResolution);
            Assert.Equal(due, decision.SendNow);
            if (!due && input.count > 0)
            {
                Assert.InRange(decision.Wait, BatchPolicy.TimerResolution, delay);
                Assert.True(age < TimeSpan.Zero || age + decision.Wait == delay);
            }
        }).QuickCheckThrowOnFailure();
}
