using EcgStream.Evaluation.Ec57;

namespace EcgStream.Evaluation.Tests.Ec57;

public sealed class SumsTests
{
    [Fact]
    public void Sums_GrossWeighsBeats_AverageWeighsRecords()
    {
        var run = new Ec57Run([Score("100", 99, 1), Score("101", 0, 100), Score("102", 0, 50), Score("x", 10, 0)], TimeSpan.FromSeconds(2), "none");

        Assert.Equal(new Ratio(109, 210), run.NonPaced.Gross.QrsSensitivity);
        Assert.Equal((99 + 0 + 100) / 3.0, run.NonPaced.Average(record => record.Beats.QrsSensitivity.Percent)!.Value, 9);
        Assert.Equal((1, 1), (run.Ds1.Count, run.Ds2.Count));
    }

    [Fact]
    public void Json_UndefinedStatistics_AreNull()
    {
        var line = Ec57Json.Line(new Ec57Run([Score("100", 99, 1)], TimeSpan.FromSeconds(2), "none"));

        Assert.Equal(
            "{\"records\":1,\"qrsSe\":99,\"qrsPp\":100,\"vebSe\":null,\"vebPp\":null,\"svebSe\":null,\"svebPp\":null,\"escapesNormal\":{\"svebSe\":null,\"svebPp\":null},"
            + "\"ds1\":{\"records\":0,\"qrsSe\":null,\"qrsPp\":null,\"vebSe\":null,\"vebPp\":null,\"svebSe\":null,\"svebPp\":null,\"escapesNormal\":{\"svebSe\":null,\"svebPp\":null}},"
            + "\"ds2\":{\"records\":1,\"qrsSe\":99,\"qrsPp\":100,\"vebSe\":null,\"vebPp\":null,\"svebSe\":null,\"svebPp\":null,\"escapesNormal\":{\"svebSe\":null,\"svebPp\":null}},"
            + "\"notScored\":0,\"seconds\":2}",
            line);
    }

    [Fact]
    public void Sets_AreTheUsualHalves_WithoutPacedRecords()
    {
        Assert.Equal((22, 22), (RecordSets.Ds1.Count, RecordSets.Ds2.Count));
        Assert.Empty(RecordSets.Ds1.Intersect(RecordSets.Ds2));
        Assert.Empty(RecordSets.Ds1.Union(RecordSets.Ds2).Intersect(RecordSets.Paced));
    }

    private static RecordScore Score(string name, int found, int missed)
    {
        var table = new BeatTable();
        for (var beat = 0; beat < found + missed; beat++)
        {
            table.Add(BeatLabel.N, beat < found ? BeatLabel.N : BeatLabel.O);
        }

        return new RecordScore { Name = name, Beats = table, BeatsEscapesNormal = table };
    }
}
