using EcgStream.Core.Beats;

namespace EcgStream.Core.Tests.Beats;

public sealed class BeatFeatureTests
{
    [Fact]
    public void Name_EveryFeature_IsReadBack()
    {
        foreach (var feature in Enum.GetValues<BeatFeature>())
        {
            Assert.True(BeatFeatures.TryParse(feature.Name(), out var read));
            Assert.Equal(feature, read);
        }

        Assert.Equal("pre_pre_ratio", BeatFeature.PrePreRatio.Name());
        Assert.Equal("irregularity_32", BeatFeature.Irregularity32.Name());
        Assert.Equal("p_surprise_2", BeatFeature.PSurprise2.Name());
        Assert.False(BeatFeatures.TryParse("PreRatio", out _));
    }

    [Fact]
    public void NeedsSecondLead_TheSecondLeadsFeatures_MirrorTheFirstOnes()
    {
        var names = Enum.GetValues<BeatFeature>();
        var offset = BeatFeature.QrsCorrelation2 - BeatFeature.QrsCorrelation1;
        foreach (var feature in names.Where(feature => feature.NeedsSecondLead()))
        {
            Assert.Equal(feature.Name()[..^1], (feature - offset).Name()[..^1]);
        }

        Assert.Equal(offset, names.Count(feature => feature.NeedsSecondLead()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RrHistory_RandomIntervals_EqualsANaiveOne(int seed)
    {
        var random = new Random(seed);
        var history = new RrHistory();
        var all = new List<double>();
        for (var count = 0; count < 100; count++)
        {
            all.Add(random.Next(150, 1200));
            history.Add(all[^1]);
            var last = all.TakeLast(32).ToList();
            var few = all.TakeLast(8).Order().ToList();
            Assert.Equal((few[(few.Count - 1) / 2] + few[few.Count / 2]) / 2, history.Median(8), 1e-9);
            Assert.Equal(last.Order().ElementAt(Math.Min(last.Count - 1, last.Count * 4 / 5)), history.UpperFifth(), 1e-9);
            Assert.Equal(last.Count(interval => interval < 600) / (double)last.Count, history.Rank(600), 1e-9);
            Assert.Equal(all.Average(), history.LongMean, 1e-6);
            var steps = last.Zip(last.Skip(1), (a, b) => Math.Abs(Math.Log(b / a))).DefaultIfEmpty(0).Average();
            Assert.Equal(steps, history.Irregularity(32), 1e-9);
        }
    }
}
