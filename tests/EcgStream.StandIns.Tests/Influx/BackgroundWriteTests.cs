using System.Collections.Concurrent;
using InfluxDB.Client;
using InfluxDB.Client.Api.Domain;
using InfluxDB.Client.Core.Exceptions;
using InfluxDB.Client.Writes;

namespace EcgStream.StandIns.Tests.Influx;

/// <summary>The writer that gathers and repeats, against a server that refuses, is busy, or is away.</summary>
public sealed class BackgroundWriteTests
{
    private readonly ConcurrentQueue<EventArgs> _told = new();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Write_ServerBusy_SentAgainAfterTheServersPause(int status)
    {
        await using var server = (await ScriptedInflux.StartAsync()).Answer(status, "{\"message\":\"busy\"}", retryAfter: "1");
        using var client = new InfluxDBClient(Options(server)).EnableGzip();
        using (var writer = Writer(client, new WriteOptions { RetryInterval = 60_000 }))
        {
            writer.WriteRecord("a b=1 1");
        }

        Assert.Equal(["a b=1 1\n", "a b=1 1\n"], server.Requests.Select(r => r.Body));
        var again = Assert.IsType<WriteRetriableErrorEvent>(_told.First());
        Assert.Equal((1000, status), (again.RetryInterval, ((HttpException)again.Exception).Status));
        Assert.IsType<WriteSuccessEvent>(_told.Last());
    }

    [Fact]
    public async Task Write_LinesRefused_ToldWithTheLinesAndTheServersWordsAndNotRepeated()
    {
        const string Words = "partial write: unable to parse 'b x': missing fields dropped=1";
        await using var server = (await ScriptedInflux.StartAsync()).Answer(400, $"{{\"code\":\"invalid\",\"message\":\"{Words}\"}}");
        using var client = new InfluxDBClient(Options(server));
        using (var writer = Writer(client, new WriteOptions()))
        {
            writer.WriteRecords(new List<string> { "a b=1 1", "b x" });
            writer.Flush();
            writer.WriteRecord("c d=2 2", WritePrecision.S);
        }

        var refused = Assert.IsType<WriteErrorEvent>(_told.First());
        Assert.Equal(("a b=1 1\nb x", Words), (refused.LineProtocol, refused.Exception.Message));
        Assert.IsType<BadRequestException>(refused.Exception);
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("precision=s", server.Requests.Last().Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ServerAway_GivenUpAfterTheRepeatsAndTold()
    {
        using var client = new InfluxDBClient(new InfluxDBClientOptions("http://127.0.0.1:1") { Org = "o", Bucket = "b" });
        using (var writer = Writer(client, new WriteOptions { RetryInterval = 1, MaxRetries = 3 }))
        {
            writer.WriteRecord("a b=1 1");
        }

        Assert.Equal([1L, 2, 4], _told.OfType<WriteRetriableErrorEvent>().Select(e => e.RetryInterval));
        Assert.IsType<WriteErrorEvent>(_told.Last());
    }

    [Fact]
    public async Task Write_ManyLines_GoInOrderInBatchesOfTheSize()
    {
        await using var server = await ScriptedInflux.StartAsync();
        using var client = new InfluxDBClient(Options(server));
        using (var writer = Writer(client, new WriteOptions { BatchSize = 100, FlushInterval = 60_000 }))
        {
            for (var i = 0; i < 250; i++)
            {
                writer.WritePoint(PointData.Measurement("m").Field("i", (long)i).Timestamp(i, WritePrecision.Ms));
            }
        }

        Assert.Equal([100, 100, 50], server.Requests.Select(r => r.Body.Count(c => c == '\n')));
        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"m i={i}i {i}"), server.Requests.SelectMany(r => r.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static InfluxDBClientOptions Options(ScriptedInflux server) => new(server.Url) { Token = "secret", Org = "ward", Bucket = "ecg" };

    private WriteApi Writer(InfluxDBClient client, WriteOptions options)
    {
        var writer = client.GetWriteApi(options);
        writer.EventHandler += (_, told) => _told.Enqueue(told);
        return writer;
    }
}
