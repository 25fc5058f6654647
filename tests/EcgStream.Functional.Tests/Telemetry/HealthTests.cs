using System.Net;
using System.Text.Json;
using EcgStream.Simulator.Synth;

namespace EcgStream.Functional.Tests.Telemetry;

/// <summary><c>/health/live</c> and <c>/health/ready</c> over HTTP/1.1.</summary>
public sealed class HealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_RunningDaemon_Answers200()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var http = new HttpClient { BaseAddress = daemon.Http };
        using var answer = await http.GetAsync(new Uri("/health/live", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Ready_RunningDaemon_NamesEveryStageHealthy()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var http = new HttpClient { BaseAddress = daemon.Http };
        using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        Assert.Equal("Healthy", json.RootElement.GetProperty("status").GetString());
        var stages = json.RootElement.GetProperty("stages").EnumerateObject().ToList();
        Assert.True(stages.Count >= 4, text);
        Assert.All(stages, stage => Assert.Equal("Healthy", stage.Value.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Ready_InfluxDbAway_IsDegradedWithTheReasonAndStill200()
    {
        await using var daemon = await TestDaemon.StartAsync(null, "--Storage:Influx:Url=http://127.0.0.1:1", "--Storage:Influx:Interval=00:00:00.050");
        using var http = new HttpClient { BaseAddress = daemon.Http };
        var device = new SyntheticDevice("dev-degraded", new SynthSpec { Rhythm = RhythmKind.Sinus, Seed = 3 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 12, end: true, Cancellation);
        var text = "";
        await Waiting.UntilAsync(
            async () =>
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                text = await answer.Content.ReadAsStringAsync(Cancellation);
                return text.Contains("Degraded", StringComparison.Ordinal);
            },
            "health to tell of InfluxDB", Cancellation);
        using var json = JsonDocument.Parse(text);
        Assert.Contains("InfluxDB takes no lines", json.RootElement.GetProperty("stages").GetProperty("influx").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simple")]
    [InlineData("json")]
    [InlineData("systemd")]
    public async Task Log_FormatOfTheSettings_IsWhatIsWritten(string format)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-log-");
        await using (var daemon = DaemonProcess.Start([.. DaemonProcess.Settings(folder.FullName, out var ports), $"--Logging:Console:FormatterName={format}"]))
        {
            await daemon.ReadyAsync(ports[2], Cancellation);
            var line = daemon.Error.Split('\n').First(line => line.Contains("EcgStream is not a certified", StringComparison.Ordinal));
            switch (format)
            {
                case "json":
                    using (var json = JsonDocument.Parse(line))
                    {
                        Assert.Equal(100, json.RootElement.GetProperty("EventId").GetInt32());
                    }

                    break;
                case "systemd":
                    Assert.StartsWith("<4>", line, StringComparison.Ordinal);
                    break;
                default:
                    Assert.Contains("warn: ecgstreamd[100]", line, StringComparison.Ordinal);
                    break;
            }
        }

        folder.Delete(recursive: true);
    }
}
