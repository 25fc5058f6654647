using EcgStream.Testing.Influx;
using InfluxDB.Client;
using InfluxDB.Client.Core.Exceptions;

namespace EcgStream.Interop.Tests.Influx;

/// <summary>A server that goes away and comes back, with a server of its own.</summary>
public sealed class InfluxOutageTests
{
    [Fact]
    public async Task WriteRecordsAsync_ServerKilledAndStarted_FailsThenWorksAndWhatWasTakenIsThere()
    {
        Assert.SkipWhen(InfluxServer.Missing is not null, InfluxServer.Missing ?? "");
        var stop = TestContext.Current.CancellationToken;
        await using var server = await InfluxServer.StartAsync("ecg", stop);
        using var client = new InfluxDBClient(new InfluxDBClientOptions(server.Url) { Org = "-", Bucket = "ecg" });
        var write = client.GetWriteApiAsync();
        await write.WriteRecordAsync("outage a=1 1", cancellationToken: stop);
        await server.StopInfluxAsync();
        Assert.Equal(502, (await Assert.ThrowsAsync<BadGatewayException>(() => write.WriteRecordAsync("outage a=2 2", cancellationToken: stop))).Status);
        Assert.False(await client.PingAsync());
        await server.StartInfluxAsync(stop);
        await write.WriteRecordAsync("outage a=2 2", cancellationToken: stop);
        var rows = await server.QueryAsync("SELECT a FROM outage", "ecg", stop);
        Assert.Equal([1, 2], rows.Select(row => row["a"].GetInt32()));
    }
}
