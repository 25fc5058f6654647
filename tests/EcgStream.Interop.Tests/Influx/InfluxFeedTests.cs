using System.Diagnostics.Metrics;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Storage.Influx;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Daemon.Telemetry;
using EcgStream.Testing.Influx;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace EcgStream.Interop.Tests.Influx;

/// <summary>The daemon's feed against a server that goes away: store and feed as the daemon registers them, without its other stages.</summary>
public sealed class InfluxFeedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ModelIdentity Model = new("normal-abnormal", "1", [new("normal", null, false), new("abnormal", null, true)]);

    [Fact]
    public async Task Feed_InfluxdKilledWhileResultsCome_EveryLineArrivesOnceAfterItsStart()
    {
        Assert.SkipWhen(InfluxServer.Missing is not null, InfluxServer.Missing ?? "");
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("ecgstream-feed-");
        await using var server = await InfluxServer.StartAsync("ecg", stop);
        using (var host = BuildHost(server.Url, folder.FullName))
        {
            await host.StartAsync(stop);
            var store = host.Services.GetRequiredService<ResultStore>();
            var metrics = host.Services.GetRequiredService<InfluxMetrics>();
            await ProduceAsync(store, 0, 1_000, stop);
            await UntilAsync(() => metrics.LinesWritten == 1_000, stop);

            await server.StopInfluxAsync();
            await ProduceAsync(store, 1_000, 1_500, stop);
            await UntilAsync(() => metrics.Lag > 0, stop);
            await server.StartInfluxAsync(stop);
            await ProduceAsync(store, 2_500, 500, stop);
            await UntilAsync(() => metrics.LinesWritten >= 3_000 && metrics.Lag == 0, stop);
            Assert.Equal(0, metrics.LinesRefused);
            await host.StopAsync(stop);
        }

        var counted = await server.QueryAsync("SELECT count(abnormal_score), sum(predicted) FROM ecg_rhythm", "ecg", stop);
        Assert.Equal((3_000, 1_500), (counted[0]["count"].GetInt32(), counted[0]["sum"].GetInt32()));
        var windows = await server.QueryAsync("SELECT window_start_ns FROM ecg_rhythm WHERE device = 'dev 1, bed=3'", "ecg", stop);
        Assert.Equal(Enumerable.Range(0, 3_000).Select(second => second * 1_000_000_000L), windows.Select(row => row["window_start_ns"].GetInt64()));
        Assert.NotEmpty(await server.QueryAsync("SELECT * FROM ecg_pipeline", "ecg", stop));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Feed_FieldTypeConflict_KeepsTheRefusedAsideAndTheOthersArrive()
    {
        Assert.SkipWhen(InfluxServer.Missing is not null, InfluxServer.Missing ?? "");
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("ecgstream-feed-");
        await using var server = await InfluxServer.StartAsync("ecg", stop);
        using (var client = new InfluxDB.Client.InfluxDBClient(new InfluxDB.Client.InfluxDBClientOptions(server.Url) { Org = "-", Bucket = "ecg" }))
        {
            // Somebody wrote this field as text before: the server refuses every line that has it as a number.
            await client.GetWriteApiAsync().WriteRecordAsync("ecg_rhythm score_normal=\"text\" 1", cancellationToken: stop);
        }

        using (var host = BuildHost(server.Url, folder.FullName))
        {
            await host.StartAsync(stop);
            var store = host.Services.GetRequiredService<ResultStore>();
            var metrics = host.Services.GetRequiredService<InfluxMetrics>();
            var other = new ModelIdentity("af", "1", [new("sinus", null, false), new("af", null, true)]);
            await ProduceAsync(store, 0, 3, stop);
            await ProduceAsync(store, 100, 50, stop, other);
            await UntilAsync(() => metrics.LinesRefused == 3 && metrics.LinesWritten == 50 && metrics.Lag == 0, stop);
            await host.StopAsync(stop);
        }

        var counted = await server.QueryAsync("SELECT count(score_af) FROM ecg_rhythm WHERE model = 'af'", "ecg", stop);
        Assert.Equal(50, counted[0]["count"].GetInt32());
        folder.Delete(recursive: true);
    }

    private static IHost BuildHost(string url, string folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:DataDirectory"] = folder,
            ["Storage:Influx:Url"] = url,
            ["Storage:Influx:Org"] = "-",
            ["Storage:Influx:Bucket"] = "ecg",
            ["Storage:Influx:BatchLines"] = "400",
            ["Storage:Influx:Interval"] = "00:00:00.050",
            ["Storage:Influx:MinBackoff"] = "00:00:00.050",
            ["Storage:Influx:MaxBackoff"] = "00:00:00.500",
        });
        builder.Services.AddEcgStorage(builder.Configuration).AddEcgInflux(builder.Configuration);
        builder.Services.AddOpenTelemetry().WithMetrics();
        builder.Services.ConfigureOpenTelemetryMeterProvider(
            static (provider, metrics) => metrics.AddEcgInstruments(provider.GetRequiredService<IMeterFactory>()));
        return builder.Build();
    }

    private static async Task ProduceAsync(ResultStore store, int from, int count, CancellationToken stop, ModelIdentity? model = null)
    {
        var last = store.LastCursor;
        for (var second = from; second < from + count; second++)
        {
            var abnormal = second % 2;
            Assert.True(store.TryEnqueue(new RhythmResult(
                "dev 1, bed=3", 7, model ?? Model, second * 1_000_000_000L, (second + 10) * 1_000_000_000L, [1 - (abnormal * 0.9f), abnormal * 0.9f], abnormal, abnormal == 1,
                abnormal * 0.9f, WindowMarks.None, 0, 0)));
        }

        await store.WaitForResultAsync(last + (ulong)count - 1, stop).AsTask().WaitAsync(Patience, stop);
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
