using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Episodes;

namespace EcgStream.Evaluation.Tests.Episodes;

public sealed class EpisodeTableTests
{
    private const int Rate = 100;

    [Fact]
    public void Compare_OverlapOfAnyLength_FindsTheEpisode()
    {
        var table = Compare([At(1000, 2000), At(5000, 6000)], [At(1900, 3000, 1950), At(8000, 8500)]);

        Assert.Equal(new Ratio(1, 2), table.Sensitivity);
        Assert.Equal(new Ratio(1, 2), table.Predictivity);
        Assert.Equal(1, table.False);
        Assert.Equal(100.0 * 100 / 2000, table.DurationSensitivity!.Value, 9);
        Assert.Equal(100.0 * 100 / 1600, table.DurationPredictivity!.Value, 9);
        Assert.Equal(9.5, table.MedianDelaySeconds!.Value, 9);
        Assert.Equal(3600.0 / (100 - 20), table.FalsePerHour!.Value, 9);
    }

    [Fact]
    public void Compare_EpisodesThatOnlyTouch_DoNotOverlap()
    {
        var table = Compare([At(1000, 2000)], [At(2000, 3000)]);

        Assert.Equal((0, 1, 1), (table.Found, table.References, table.False));
        Assert.Null(table.MedianDelaySeconds);
    }

    [Fact]
    public void Compare_OneEpisodeToldInTwoPieces_IsFoundOnceByTheFirst()
    {
        var table = Compare([At(1000, 4000)], [At(1200, 2000, 1500), At(3000, 3500, 3200)]);

        Assert.Equal(new Ratio(1, 1), table.Sensitivity);
        Assert.Equal(new Ratio(2, 2), table.Predictivity);
        Assert.Equal(5, table.MedianDelaySeconds!.Value, 9);
    }

    [Fact]
    public void Compare_ToldBeforeTheReferenceBegins_HasNoDelay() =>
        Assert.Equal(0, Compare([At(1000, 2000)], [At(800, 1500, 900)]).MedianDelaySeconds);

    [Fact]
    public void Compare_LearningPeriod_CutsEpisodesAtItsEnd()
    {
        var table = EpisodeTable.Compare([At(0, 500), At(900, 1500)], [At(100, 200)], 1000, 10_000, Rate);

        Assert.Equal((1, 0), (table.References, table.Tests));
        Assert.Equal(5, table.ReferenceSeconds, 9);
    }

    [Fact]
    public void Compare_ReferenceShorterThanLeast_IsNeitherMissedNorFalse()
    {
        var table = EpisodeTable.Compare([At(1000, 1500), At(3000, 8000)], [At(900, 1600), At(3500, 8000), At(9000, 9400)], 0, 10_000, Rate, leastSeconds: 30);

        Assert.Equal(new Ratio(1, 1), table.Sensitivity);
        Assert.Equal((2, 1, 1), (table.Tests, table.True, table.False));
        Assert.Equal((50, 45, 2 + 45 + 4, 95), (table.ReferenceSeconds, table.BothSeconds, table.TestSeconds, table.ScoredSeconds));
    }

    [Fact]
    public void Compare_NothingOnEitherSide_HasNoShares()
    {
        var table = Compare([], []);

        Assert.Null(table.Sensitivity.Percent);
        Assert.Null(table.DurationSensitivity);
        Assert.Null(table.DurationPredictivity);
        Assert.Equal(0, table.FalsePerHour);
    }

    [Fact]
    public void Compare_RandomEpisodes_EqualsCountingSampleBySample()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 200; trial++)
        {
            var (reference, test) = (Random(random), Random(random));
            var table = EpisodeTable.Compare(reference, test, 100, 900, 1);
            bool[] inReference = Mask(reference), inTest = Mask(test);

            Assert.Equal(inReference.Count(on => on), table.ReferenceSeconds, 9);
            Assert.Equal(inTest.Count(on => on), table.TestSeconds, 9);
            Assert.Equal(inReference.Zip(inTest).Count(pair => pair.First && pair.Second), table.BothSeconds, 9);
            Assert.Equal(Touched(reference, inTest), table.Found);
            Assert.Equal(Touched(test, inReference), table.True);
        }

        static bool[] Mask(IEnumerable<Episode> episodes) =>
            [.. Enumerable.Range(0, 1000).Select(at => at is >= 100 and < 900 && episodes.Any(episode => episode.Start <= at && at < episode.End))];

        static int Touched(IEnumerable<Episode> episodes, bool[] other) =>
            episodes.Count(episode => Enumerable.Range((int)episode.Start, (int)episode.Length).Any(at => other[at]));
    }

    [Fact]
    public void Sum_TwoRecords_AddsCountsAndDelays()
    {
        var sum = EpisodeTable.Sum([Compare([At(1000, 2000)], [At(1100, 2000, 1100)]), Compare([At(1000, 2000)], [At(1300, 2000, 1300)])]);

        Assert.Equal(new Ratio(2, 2), sum.Sensitivity);
        Assert.Equal(2, sum.MedianDelaySeconds!.Value, 9);
        Assert.Equal(3, sum.LongestDelaySeconds!.Value, 9);
        Assert.Equal(200, sum.ScoredSeconds, 9);
    }

    private static Episode At(long start, long end, long? told = null) => new(start, end, told ?? start);

    private static EpisodeTable Compare(IReadOnlyList<Episode> reference, IReadOnlyList<Episode> test) => EpisodeTable.Compare(reference, test, 0, 10_000, Rate);

    private static List<Episode> Random(Random random)
    {
        var episodes = new List<Episode>();
        for (var at = random.Next(200); at < 990;)
        {
            var end = Math.Min(1000, at + 1 + random.Next(100));
            episodes.Add(At(at, end));
            at = end + 1 + random.Next(200);
        }

        return episodes;
    }
}
