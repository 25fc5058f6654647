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

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void CalmIntervals_RandomIntervals_EqualsANaiveOne(int seed)
    {
        var random = new Random(seed);
        var calm = new CalmIntervals();
        var all = new List<double>();
        for (var count = 1; count <= 100; count++)
        {
            all.Add(random.Next(150, 1800));
            calm.Add(all[^1]);
            if (count < 10)
            {
                Assert.Equal((0, 0, 1), (calm.Irregularity, calm.Spread, calm.Order));
                continue;
            }

            var last = all.TakeLast(32).Select(interval => Math.Min(interval, 1500)).ToList();
            var sorted = last.Order().ToList();
            var reach = Math.Max(2, last.Count / 8);
            var irregularity = Enumerable.Range(1, 3).Min(lag => Median(last.Skip(lag).Zip(last, (a, b) => Math.Abs(a - b)))) / Median(last);
            Assert.Equal(irregularity, calm.Irregularity, 1e-9);
            Assert.Equal(Median(sorted.Skip(reach).Zip(sorted, (a, b) => a - b)) / Median(last), calm.Spread, 1e-9);
            Assert.InRange(calm.Order, 0, 1);
        }
    }

    [Theory]
    [InlineData(Rhythm.Sinus, true)]
    [InlineData(Rhythm.Bigeminy, true)]
    [InlineData(Rhythm.RandomEctopy, true)]
    [InlineData(Rhythm.Fibrillation, false)]
    public void Order_OfEachRhythm_IsLostInFibrillationAlone(Rhythm rhythm, bool ordered)
    {
        var random = new Random(5);
        var calm = new CalmIntervals();
        var sum = 0.0;
        for (var beat = 0; beat < 300; beat++)
        {
            var jitter = 1 + (0.05 * (random.NextDouble() - 0.5));
            calm.Add(400 * rhythm switch
            {
                Rhythm.Sinus => jitter,
                Rhythm.Bigeminy => (beat % 2 == 0 ? 0.6 : 1.3) * jitter,
                Rhythm.RandomEctopy => (random.Next(2) == 0 ? 0.6 : 1.1) * jitter,
                _ => 0.6 + (0.8 * random.NextDouble()),
            });
            sum += beat < 100 ? 0 : calm.Order;
        }

        Assert.InRange(sum / 200, ordered ? 0.9 : 0, ordered ? 1 : 0.3);
    }

    /// <summary>What made-up intervals are like.</summary>
    public enum Rhythm
    {
        Sinus,
        Bigeminy,
        RandomEctopy,
        Fibrillation,
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
