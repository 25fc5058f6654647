using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using EcgStream.Simulator.Synth;
using EcgStream.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EcgStream.Functional.Tests.Telemetry;

/// <summary><c>/metrics</c>: its names are what the shipped alert rules ask for.</summary>
public sealed partial class MetricsPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_DeviceWithAnAlarm_HasEveryNameOfTheAlertRules()
    {
        await using var daemon = await TestDaemon.StartAsync(null, "--Storage:Influx:Url=http://127.0.0.1:1");
        var device = new SyntheticDevice("dev-page", new SynthSpec { Rhythm = RhythmKind.Asystole, Seed = 3 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 20, end: true, Cancellation);
        var rules = await File.ReadAllTextAsync(RepositoryFiles.Find("deploy/prometheus/alerts.yml"), Cancellation);
        var names = Name().Matches(rules).Select(match => match.Value).Distinct()
            .Where(name => !name.StartsWith("ecg_gpu", StringComparison.Ordinal)).ToList();
        Assert.True(names.Count > 12, string.Join(' ', names));
        var page = "";
        await Waiting.UntilAsync(
            async () =>
            {
                page = await PageAsync(daemon);
                return page.Contains("ecg_alarm_ingest_to_publish_seconds_count", StringComparison.Ordinal);
            },
            "an alarm to be counted", Cancellation);
        Assert.All(names, name => Assert.Matches($"(?m)^{name}[ {{]", page));
        Assert.DoesNotContain("dev-page", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_InstrumentsOfEachKind_AreWrittenAsOpenTelemetryMapsThem()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var meter = daemon.Services.GetRequiredService<IMeterFactory>().Create("EcgStream");
        var rows = meter.CreateCounter<long>("ecg.test.rows", "{row}", "Rows");
        var tag = new KeyValuePair<string, object?>("a.b", "x\"y\\z\nw");
        meter.CreateObservableGauge("ecg.test.level", () => new Measurement<double>(double.PositiveInfinity, tag), "Cel", "one\\\ntwo");
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] };
        meter.CreateHistogram("ecg.test.duration", "s", "d", null, advice).Record(0.1);
        Assert.Contains("ecg_test_rows_total{} 0", Lines(await PageAsync(daemon), "ecg_test_rows"));

        rows.Add(3, new("kind", "a"), new("who", 1));
        var page = await PageAsync(daemon);
        Assert.Contains("ecg_test_rows_total{kind=\"a\",who=\"1\"} 3", Lines(page, "ecg_test_rows"));
        Assert.Equal(["ecg_test_level_celsius{a_b=\"x\\\"y\\\\z\\nw\"} +Inf"], Lines(page, "ecg_test_level"));
        Assert.Equal(
            [
                "ecg_test_duration_seconds_bucket{le=\"0.1\"} 1",
                "ecg_test_duration_seconds_bucket{le=\"1\"} 1",
                "ecg_test_duration_seconds_bucket{le=\"+Inf\"} 1",
                "ecg_test_duration_seconds_sum{} 0.1",
                "ecg_test_duration_seconds_count{} 1",
            ],
            Lines(page, "ecg_test_duration"));
    }

    [Fact]
    public async Task Page_ObservedTagsThatAreGone_AreNoLongerTold()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var meter = daemon.Services.GetRequiredService<IMeterFactory>().Create("EcgStream");
        var name = "first";
        meter.CreateObservableGauge("ecg.test.now", () => new Measurement<int>(1, new KeyValuePair<string, object?>("n", name)));
        Assert.Equal(["ecg_test_now{n=\"first\"} 1"], Lines(await PageAsync(daemon), "ecg_test_now"));
        name = "second";
        Assert.Equal(["ecg_test_now{n=\"second\"} 1"], Lines(await PageAsync(daemon), "ecg_test_now"));
    }

    [Fact]
    public async Task Page_SwitchedOff_IsNotFound()
    {
        await using var daemon = await TestDaemon.StartAsync(null, "--Telemetry:Prometheus=false");
        using var http = new HttpClient { BaseAddress = daemon.Http };
        using var answer = await http.GetAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static IEnumerable<string> Lines(string page, string name) =>
        page.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal));

    private static async Task<string> PageAsync(TestDaemon daemon)
    {
        using var http = new HttpClient { BaseAddress = daemon.Http };
        return await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
    }

    [GeneratedRegex("ecg_[a-z_]+")]
    private static partial Regex Name();
}
