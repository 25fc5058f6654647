using EcgStream.Functional.Tests;
using EcgStream.Simulator.Synth;

namespace EcgStream.Interop.Tests.Influx;

/// <summary>The whole daemon with <c>Storage:Influx:Url</c> on a real influxd: what a streamed device's results become there.</summary>
public sealed class InfluxDeliveryTests(InfluxFixture influx) : IClassFixture<InfluxFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Feed_ResultsOfAStreamedDevice_ArriveOnceEach()
    {
        var server = influx.Server;
        await using var daemon = await TestDaemon.StartAsync(
            null, $"--Storage:Influx:Url={server.Url}", "--Storage:Influx:Org=-", $"--Storage:Influx:Bucket={InfluxFixture.Database}", "--Storage:Influx:Interval=00:00:00.050");
        var device = new SyntheticDevice("dev-influx", new SynthSpec { Rhythm = RhythmKind.AtrialFibrillation, Seed = 13 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 40, end: true, Cancellation);
        var results = await Following.ResultsToAsync(daemon.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
        Assert.All(results.GroupBy(item => item.Result.Model), model => Assert.Equal(31, model.Count())); // 40 s in windows of 10 s, 1 s apart

        var count = 0;
        await Waiting.UntilAsync(
            async () =>
            {
                var rows = await server.QueryAsync("SELECT count(abnormal_score) FROM ecg_rhythm WHERE device = 'dev-influx'", InfluxFixture.Database, Cancellation);
                count = rows.Count == 0 ? 0 : rows[0]["count"].GetInt32();
                return count >= results.Count;
            },
            "the results in ecg_rhythm", Cancellation);
        Assert.Equal(results.Count, count);
        var starts = await server.QueryAsync("SELECT window_start_ns FROM ecg_rhythm WHERE device = 'dev-influx'", InfluxFixture.Database, Cancellation);
        Assert.Equal(
            results.Select(item => (long)item.Result.WindowStartUnixNs).Order(),
            starts.Select(row => row["window_start_ns"].GetInt64()).Order());
        Assert.Empty(daemon.Errors);
    }
}
