using System.Net;
using System.Text.Json;

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
}
