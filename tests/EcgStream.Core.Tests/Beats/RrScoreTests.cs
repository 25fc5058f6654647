using System.Text.Json;
using EcgStream.Core.Beats;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Beats;

/// <summary>The score of the intervals against what its training measured and said of the same: <c>src/training/run.sh intervals</c> writes the file.</summary>
public sealed class RrScoreTests
{
    private const string Golden = "Beats/Golden/rr-score.json";

    public static TheoryData<string> Cases => [.. Read().Select(rhythm => rhythm.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Measure_GoldenRhythm_EqualsTheTraining(string name)
    {
        var rhythm = Read().Single(rhythm => rhythm.Name == name);
        var statistics = new double[RrStatistics.Count];
        RrStatistics.Measure(rhythm.Milliseconds, statistics);

        Assert.Equal(rhythm.Statistics.Length, statistics.Length);
        Assert.All(statistics.Zip(rhythm.Statistics), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        Assert.Equal(rhythm.LogOdds, RrScore.LogOdds(statistics), 1e-5);
    }

    [Theory]
    [InlineData("steady", false)]
    [InlineData("breathing", false)]
    [InlineData("bigeminy", false)]
    [InlineData("fibrillation", true)]
    public void LogOdds_GoldenRhythm_TellsFibrillationFromTheRest(string name, bool fibrillates) =>
        Assert.Equal(fibrillates, Read().Single(rhythm => rhythm.Name == name).LogOdds > 0);

    [Fact]
    public void Add_IntervalsOneByOne_ScoresTheNewestThirtyTwo()
    {
        var random = new Random(3);
        var irregularity = new RrIrregularity();
        var intervals = new List<float>();
        var time = 0L;
        for (var beat = 0; beat < 100; beat++)
        {
            var interval = beat % 17 == 0 ? (float?)null : (float)(600 + (300 * random.NextDouble()));
            irregularity.Add(new Beat("bed-1", 1, time += 700_000_000, interval, 1, Lead.II, 0));
            if (interval is { } known)
            {
                intervals.Insert(0, known);
            }

            if (intervals.Count < RrStatistics.Least)
            {
                Assert.Null(irregularity.LogOdds);
                continue;
            }

            var statistics = new double[RrStatistics.Count];
            RrStatistics.Measure(intervals.Take(RrStatistics.Intervals).ToArray(), statistics);
            Assert.Equal(RrScore.LogOdds(statistics), irregularity.LogOdds!.Value, 1e-12);
            Assert.Equal(intervals.Count >= RrStatistics.Intervals, irregularity.IsFull);
        }

        Assert.Equal(intervals.Take(RrStatistics.Intervals).Sum(value => (double)value) * 1e6, irregularity.SpanNs, 2.0);
    }

    private static List<Rhythm> Read()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Golden)));
        return [.. file.RootElement.GetProperty("cases").EnumerateArray().Select(rhythm => new Rhythm(
            rhythm.GetProperty("name").GetString()!,
            [.. rhythm.GetProperty("milliseconds").EnumerateArray().Select(value => value.GetSingle())],
            [.. rhythm.GetProperty("statistics").EnumerateArray().Select(value => value.GetDouble())],
            rhythm.GetProperty("logOdds").GetDouble()))];
    }

    private sealed record Rhythm(string Name, float[] Milliseconds, double[] Statistics, double LogOdds);
}
