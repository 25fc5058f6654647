using System.Globalization;
using System.Text;
using System.Text.Json;
using EcgStream.Client.Streaming;
using EcgStream.Core.Time;
using EcgStream.Daemon.Demo;
using EcgStream.Functional.Tests;
using EcgStream.Interop.Tests.Influx;
using EcgStream.Simulator.Fleet;
using EcgStream.Simulator.Synth;
using EcgStream.Testing;

namespace EcgStream.Interop.Tests.Grafana;

/// <summary>
/// Every InfluxQL query of every checked-in dashboard and of the alert rules, on a real influxd that holds what a daemon wrote of the demo's patients.
/// A panel that returns nothing fails. The table of panels and rows is in the test's output and, with the rows themselves, under artifacts/panels.
/// </summary>
public sealed class PanelQueryTests(InfluxFixture influx, ITestOutputHelper output) : IClassFixture<InfluxFixture>
{
    private const string Device = "demo-af";
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(45);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OfEveryPanel_ReturnRowsOfTheDemo()
    {
        _ = influx.Server;
        var began = TimeProvider.System.GetUtcNow().ToUnixNs();
        await StreamDemoAsync();
        var ended = TimeProvider.System.GetUtcNow().ToUnixNs();

        var folder = Path.Combine(RepositoryFiles.Root, "artifacts", "panels");
        Directory.CreateDirectory(folder);
        var table = new StringBuilder().AppendLine("dashboard  panel                                query  series  rows");
        var (empty, drawn) = (new List<string>(), new List<object>());
        foreach (var query in PanelQuery.ReadAll(RepositoryFiles.Find("deploy/grafana/dashboards/influxql")))
        {
            var series = await AskAsync(query.Rendered(began, ended, "10s", Device));
            var rows = series.Sum(item => item.GetProperty("values").GetArrayLength());
            table.AppendLine(CultureInfo.InvariantCulture, $"{query.Dashboard,-9}  {query.Panel,-35}  {query.RefId,-5}  {series.Count,6}  {rows,4}");
            drawn.Add(new { query.Dashboard, query.Panel, query.Type, query.RefId, Series = series });
            if (rows == 0)
            {
                empty.Add($"{query.Dashboard}, {query.Panel}, {query.RefId}: {query.Text}");
            }
        }

        foreach (var (rule, text) in Alerts())
        {
            var series = await AskAsync(text);
            table.AppendLine(CultureInfo.InvariantCulture, $"alert      {rule,-35}  A      {series.Count,6}  {series.Sum(item => item.GetProperty("values").GetArrayLength()),4}");
            if (series.Count == 0)
            {
                empty.Add($"alert, {rule}: {text}");
            }
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "table.txt"), table.ToString(), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(drawn), Cancellation);
        output.WriteLine(table.ToString());
        Assert.Empty(empty);
    }

    /// <summary>A daemon with a feed to the server, its demo's patients, and a GPU as nvidia-smi would tell of one.</summary>
    private async Task StreamDemoAsync()
    {
        using var gpu = new FakeNvidiaSmi();
        await using var daemon = await TestDaemon.StartAsync(
            null, $"--Storage:Influx:Url={influx.Server.Url}", "--Storage:Influx:Org=-", $"--Storage:Influx:Bucket={InfluxFixture.Database}",
            "--Storage:Influx:Interval=00:00:00.250", "--Storage:Influx:PipelineInterval=00:00:01", "--Inference:Device=Auto", "--Telemetry:GpuInterval=00:00:01");
        var endpoints = new FleetEndpoints(
            new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", daemon.Grpc.Port), new StreamEndpoint(StreamTransport.Mqtt, "127.0.0.1", daemon.MqttPort));
        var noisy = new SyntheticPatient("demo-noisy", new SynthSpec { Rhythm = RhythmKind.Sinus, Seed = 21, Noise = NoiseSpec.Resting with { EmgMicrovolts = 600, MainsMicrovolts = 400 } }, StreamTransport.Grpc);
        var totals = await SyntheticFleet.RunAsync([.. DemoPatients.For(Duration), noisy], endpoints, Duration, new FleetOptions(), TimeProvider.System, Cancellation);
        Assert.All(totals, total => Assert.Null(total.Fault));
        await Waiting.UntilAsync(
            async () => (await influx.Server.QueryAsync($"SELECT * FROM ecg_alarm WHERE device = 'demo-asystole'", InfluxFixture.Database, Cancellation)).Count > 0
                && (await influx.Server.QueryAsync("SELECT last(ecg_influx_lag) FROM ecg_pipeline", InfluxFixture.Database, Cancellation)) is [var row] && row["last"].GetDouble() == 0,
            "the demo in InfluxDB", Cancellation);
        Assert.Empty(daemon.Errors);
    }

    private Task<IReadOnlyList<JsonElement>> AskAsync(string query) => influx.Server.SeriesAsync(query, InfluxFixture.Database, Cancellation);

    private static List<(string Rule, string Query)> Alerts()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Find("deploy/grafana/provisioning/alerting/pipeline.yaml")));
        return [.. json.RootElement.GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Select(rule => (rule.GetProperty("title").GetString()!, rule.GetProperty("data")[0].GetProperty("model").GetProperty("query").GetString()!))];
    }
}
