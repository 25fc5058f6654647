using System.Globalization;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Core.Exceptions;
using InfluxDB.Client.Writes;

namespace EcgStream.Interop.Tests.Influx;

/// <summary>The client against a real influxd: what is written is there, and what is not taken is told.</summary>
public sealed class InfluxWriteTests(InfluxFixture influx) : IClassFixture<InfluxFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WriteRecordsAsync_FiveThousandLines_AreAllThere(bool gzip)
    {
        using var client = influx.Client();
        if (gzip)
        {
            client.EnableGzip();
        }

        var measurement = gzip ? "many_gzip" : "many_plain";
        var lines = Enumerable.Range(0, 5000)
            .Select(index => string.Create(CultureInfo.InvariantCulture, $"{measurement},device=bed-{index % 20} score=0.{index:D4},index={index}i {1_700_000_000_000_000_000 + index}")).ToList();
        await client.GetWriteApiAsync().WriteRecordsAsync(lines, WritePrecision.Ns, cancellationToken: Stop);
        // The same lines again change nothing: that is what lets the daemon's cursor repeat a batch after a cut.
        await client.GetWriteApiAsync().WriteRecordsAsync(lines, WritePrecision.Ns, cancellationToken: Stop);
        var rows = await influx.Server.QueryAsync($"SELECT count(index) AS n, sum(index) AS s FROM {measurement}", InfluxFixture.Database, Stop);
        Assert.Equal((5000, 12_497_500), (rows[0]["n"].GetInt32(), rows[0]["s"].GetInt32()));
    }

    [Fact]
    public async Task WritePointsAsync_AwkwardNamesAndTexts_ReadBackAsTheyWere()
    {
        const string Tag = "ICU 2, bed=7 \"left\" Ä";
        const string Text = "VT? \"run\", 7 beats \\ see strip =1";
        using var client = influx.Client();
        await client.GetWriteApiAsync().WritePointAsync(
            PointData.Measurement("awkward, name").Tag("the site", Tag).Field("a note", Text).Field("on", true).Field("n", -5L).Field("x", 0.1).Timestamp(1_700_000_000_000_000_001, WritePrecision.Ns),
            cancellationToken: Stop);
        var row = Assert.Single(await influx.Server.QueryAsync("SELECT * FROM \"awkward, name\"", InfluxFixture.Database, Stop));
        Assert.Equal((Tag, Text), (row["the site"].GetString(), row["a note"].GetString()));
        Assert.Equal((true, -5, 0.1, 1_700_000_000_000_000_001), (row["on"].GetBoolean(), row["n"].GetInt32(), row["x"].GetDouble(), row["time"].GetInt64()));
    }

    [Theory]
    [InlineData(WritePrecision.Ns, 1_700_000_000_000_000_000)]
    [InlineData(WritePrecision.Ms, 1_700_000_000_000)]
    [InlineData(WritePrecision.S, 1_700_000_000)]
    public async Task WritePointAsync_EachPrecision_IsTheSameInstant(WritePrecision precision, long timestamp)
    {
        using var client = influx.Client();
        var measurement = $"precision_{precision}";
        await client.GetWriteApiAsync().WritePointAsync(PointData.Measurement(measurement).Field("a", 1L).Timestamp(timestamp, precision), cancellationToken: Stop);
        var row = Assert.Single(await influx.Server.QueryAsync($"SELECT a FROM {measurement}", InfluxFixture.Database, Stop));
        Assert.Equal(1_700_000_000_000_000_000, row["time"].GetInt64());
    }

    [Fact]
    public async Task WriteRecordsAsync_SomeLinesConflict_TheRefusalIsToldAndTheOthersAreThere()
    {
        using var client = influx.Client();
        var write = client.GetWriteApiAsync();
        await write.WriteRecordAsync("conflict a=1 1", cancellationToken: Stop);
        var fault = await Assert.ThrowsAsync<BadRequestException>(
            () => write.WriteRecordsAsync(new[] { "conflict b=1 2", "conflict a=\"text\" 3", "conflict b=2 4" }, cancellationToken: Stop));
        Assert.Contains("partial write", fault.Message, StringComparison.Ordinal);
        Assert.Contains("dropped=1", fault.Message, StringComparison.Ordinal);
        var rows = await influx.Server.QueryAsync("SELECT count(b) AS n FROM conflict", InfluxFixture.Database, Stop);
        Assert.Equal(2, rows[0]["n"].GetInt32());
    }

    [Fact]
    public async Task WriteRecordsAsync_LineThatIsNone_IsToldAndTheOthersAreThere()
    {
        using var client = influx.Client();
        var fault = await Assert.ThrowsAsync<BadRequestException>(
            () => client.GetWriteApiAsync().WriteRecordsAsync(new[] { "unparsable a=1 1", "unparsable a=", "unparsable a=2 2" }, cancellationToken: Stop));
        Assert.Contains("unable to parse 'unparsable a='", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await influx.Server.QueryAsync("SELECT a FROM unparsable", InfluxFixture.Database, Stop)).Count);
    }

    [Fact]
    public async Task WriteRecordsAsync_NoSuchBucket_IsNotFound()
    {
        using var client = influx.Client("nowhere");
        var fault = await Assert.ThrowsAsync<NotFoundException>(() => client.GetWriteApiAsync().WriteRecordAsync("m a=1 1", cancellationToken: Stop));
        Assert.Contains("nowhere", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteRecordsAsync_BodyBeyondTheServersLimit_IsToldAsThat()
    {
        using var client = influx.Client();
        await Assert.ThrowsAsync<RequestEntityTooLargeException>(
            () => client.GetWriteApiAsync().WriteRecordAsync($"m a=\"{new string('x', 5_000_000)}\" 1", cancellationToken: Stop));
    }

    [Fact]
    public async Task PingAsync_ServerUp_IsTrue()
    {
        using var client = influx.Client();
        Assert.True(await client.PingAsync());
    }
}
