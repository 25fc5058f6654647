using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Tests.Sessions;
using EcgStream.Core.Windows;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Windows;

public sealed class RhythmWindowPoolTests
{
    private static readonly WindowRecipe A = Bench.Plain("a", Lead.II) with { Steps = [new WindowStep.ZScore(ZScoreAxis.Lead, 1e-6)] };
    private static readonly WindowRecipe B = Bench.Plain("b", Lead.II) with { Steps = [new WindowStep.ZScore(ZScoreAxis.Lead, 1e-6)] };

    [Fact]
    public void PreparesLike_AnotherModelsRecipe_OnlyWhenAllThatShapesTheWindowIsEqual()
    {
        Assert.True(A.PreparesLike(B));
        Assert.False(A.PreparesLike(B with { Leads = [Lead.I] }));
        Assert.False(A.PreparesLike(B with { Steps = [new WindowStep.ZScore(ZScoreAxis.Lead, 1e-3)] }));
        Assert.False(A.PreparesLike(B with { SourceSamples = 4000 }));
        Assert.False(A.PreparesLike(B with { OutputSamples = 4000 }));
        Assert.False(A.PreparesLike(B with { Beat = new BeatRecipe(new BeatCut.Fixed(10, 10), 1, false, []) }));
    }

    [Fact]
    public void Return_OfOneOfTwoThatShareSamples_LeavesThemToTheOther()
    {
        var (first, second) = (new RhythmWindowPool(A, 2), new RhythmWindowPool(B, 2));
        var window = first.TryRent()!;
        window.Input.Span.Fill(7);
        var shared = second.TryRentLike(window)!;
        window.Return();
        first.TryRent()!.Input.Span.Fill(8);

        Assert.All(shared.Input.ToArray(), sample => Assert.Equal(7, sample));
        var samples = shared.Input;
        shared.Return();
        Assert.True(samples.Equals(first.TryRent()!.Input), "the samples did not come back to the pool that made them");
        Assert.Equal((2, 0), (first.Rented, second.Rented));
    }

    [Fact]
    public void ReleaseInput_BeforeTheReturn_FreesTheSamplesOnce()
    {
        var pool = new RhythmWindowPool(A, 2);
        var window = pool.TryRent()!;
        var samples = window.Input;
        window.ReleaseInput();

        Assert.True(samples.Equals(pool.TryRent()!.Input));
        Assert.Throws<InvalidOperationException>(() => window.Input);
        Assert.Equal(2, pool.Rented);
        window.Return();
        Assert.False(samples.Equals(pool.TryRent()!.Input), "the samples were given back twice");
    }

    [Fact]
    public void OnWindow_TwoModelsThatPrepareAlike_GetTheSameSamples()
    {
        var bench = new Bench(A, Bench.Plain("raw", Lead.II), B);
        bench.Give(new Stream(LeadList.Of(Lead.II), 500, 6000, 3).Cut(() => 125));

        var windows = bench.Sink.Windows.ToLookup(window => window.Model, window => window.Input);
        Assert.Equal(3, windows["a"].Count());
        Assert.Equal(windows["a"], windows["b"]);
        Assert.All(windows["a"].Zip(windows["raw"]), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.All(bench.Pools, pool => Assert.Equal(0, pool.Rented));
    }

    [Fact]
    public void OnWindow_TheFirstOfTwoAlikeHasNoBuffer_TheSecondIsPreparedAllTheSame()
    {
        var bench = new Bench(new WindowOptions(), new SessionOptions(), 1, A, B);
        var held = bench.Pools[0].TryRent();
        bench.Give(new Stream(LeadList.Of(Lead.II), 500, 5000, 3).Cut(() => 125));

        Assert.NotNull(held);
        Assert.Equal("a", Assert.Single(bench.Sink.Dropped).Model);
        Assert.Contains(Assert.Single(bench.Sink.Windows).Input, sample => sample != 0);
    }
}
