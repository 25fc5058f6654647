using System.Globalization;
using System.Text.Json;
using EcgStream.Functional.Tests;
using EcgStream.Interop.Tests.Mqtt;
using EcgStream.Simulator.Synth;
using EcgStream.Testing;

namespace EcgStream.Interop.Tests.Telemetry;

/// <summary>Debian's Prometheus on the daemon's <c>/metrics</c>, with the alert rules that are shipped.</summary>
public sealed class PrometheusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_StreamedDevice_IsInPrometheusAndTheRulesAreHealthy()
    {
        var program = PeerProcess.Require("prometheus", "prometheus");
        await using var daemon = await TestDaemon.StartAsync();
        var folder = Directory.CreateTempSubdirectory("ecgstream-prometheus-").FullName;
        var port = PeerProcess.FreePort();
        File.Copy(RepositoryFiles.Find("deploy/prometheus/alerts.yml"), Path.Combine(folder, "alerts.yml"));
        var configuration = (await File.ReadAllTextAsync(RepositoryFiles.Find("deploy/prometheus/prometheus.yml"), Cancellation))
            .Replace("ecgstreamd:8080", daemon.Http.Authority, StringComparison.Ordinal).Replace("15s", "1s", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), configuration, Cancellation);
        await using (var prometheus = PeerProcess.Start(
            program, $"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}")))
        {
            await PeerProcess.WaitForPortAsync(port);
            var device = new SyntheticDevice("dev-prometheus", new SynthSpec { Rhythm = RhythmKind.Sinus, Seed = 3 });
            await device.StreamAsync(daemon.GrpcEndpoint(), 20, end: true, Cancellation);
            using var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };

            await UntilAsync(http, "sum(ecg_ingest_chunks_total{outcome=\"accepted\",transport=\"grpc\"})", value => value > 0);
            await UntilAsync(http, "sum(ecg_inference_queue_duration_seconds_count)", value => value >= 11);
            await UntilAsync(http, "sum(ecg_inference_queue_duration_seconds_bucket{le=\"+Inf\"}) - sum(ecg_inference_queue_duration_seconds_count)", value => value == 0);
            await UntilAsync(http, "up{job=\"ecgstreamd\"}", value => value == 1);
            foreach (var part in (string[])["queue", "prepare", "infer", "publish"])
            {
                await UntilAsync(http, $"histogram_quantile(0.5, sum by (le) (ecg_inference_{part}_duration_seconds_bucket))", value => value > 0);
            }

            await Waiting.UntilAsync(
                async () =>
                {
                    using var rules = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/rules", UriKind.Relative), Cancellation));
                    var health = rules.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                        .SelectMany(group => group.GetProperty("rules").EnumerateArray()).Select(rule => rule.GetProperty("health").GetString()).ToList();
                    Assert.DoesNotContain("err", health);
                    return health.Count >= 15 && health.TrueForAll(state => state == "ok");
                },
                "Prometheus to have evaluated every rule", Cancellation);
            Assert.DoesNotContain("dev-prometheus", await Scrape(daemon), StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Metrics_PageOfTheDaemon_HasNothingThatPromtoolFindsWrong()
    {
        var promtool = PeerProcess.Require("promtool", "prometheus");
        await using var daemon = await TestDaemon.StartAsync();
        var device = new SyntheticDevice("dev-promtool", new SynthSpec { Rhythm = RhythmKind.Sinus, Seed = 3 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 12, end: true, Cancellation);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await Scrape(daemon), Cancellation);
        await using var check = PeerProcess.Start("sh", "-c", "\"$1\" check metrics < \"$2\"", "sh", promtool, file);
        Assert.Equal("", (await check.EndAsync()).Trim());
        File.Delete(file);
    }

    [Theory]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    [InlineData("check", "config", "prometheus.yml")]
    public async Task Rules_AsShipped_PassPromtool(params string[] command)
    {
        var promtool = PeerProcess.Require("promtool", "prometheus");
        await using var check = PeerProcess.Start(promtool, [.. command[..^1], RepositoryFiles.Find("deploy/prometheus/" + command[^1])]);
        Assert.Contains("SUCCESS", await check.EndAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> Scrape(TestDaemon daemon)
    {
        using var http = new HttpClient { BaseAddress = daemon.Http };
        return await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
    }

    private static Task UntilAsync(HttpClient http, string query, Func<double, bool> holds) => Waiting.UntilAsync(
        async () =>
        {
            using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative), Cancellation));
            var results = answer.RootElement.GetProperty("data").GetProperty("result");
            return results.GetArrayLength() == 1 && holds(double.Parse(results[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
        },
        query, Cancellation);
}
