using System.IO.Compression;
using System.Net;
using EcgStream.Daemon.Storage.Influx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Tests.Storage;

/// <summary>What the daemon makes of each answer that a server or a proxy before it can give, over a real socket and the real client.</summary>
public sealed class InfluxWriterTests : IAsyncLifetime
{
    private readonly List<(string Query, string Authorization, string Body)> _requests = [];
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(1));
    private WebApplication _server = null!;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapPost("/api/v2/write", async context =>
        {
            await using var unpacked = new GZipStream(context.Request.Body, CompressionMode.Decompress);
            using var reader = new StreamReader(context.Request.Headers.ContentEncoding == "gzip" ? unpacked : context.Request.Body);
            lock (_requests)
            {
                _requests.Add((context.Request.QueryString.Value!, context.Request.Headers.Authorization.ToString(), ""));
            }

            var body = await reader.ReadToEndAsync();
            lock (_requests)
            {
                _requests[^1] = _requests[^1] with { Body = body };
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
            await _answer(context);
        });
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task WriteAsync_Taken_SendsEveryLineToTheBucketWithTheToken()
    {
        using var writer = Writer();
        Assert.Equal(InfluxWriteKind.Written, (await writer.WriteAsync(["a b=1 1", "a b=2 2"], _patience.Token)).Kind);
        var (query, authorization, body) = Assert.Single(_requests);
        Assert.Equal(["a b=1 1", "a b=2 2"], body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("Token secret", authorization);
        Assert.Contains("org=ward", query, StringComparison.Ordinal);
        Assert.Contains("bucket=ecg", query, StringComparison.Ordinal);
        Assert.Contains("precision=ns", query, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", writer.Destination, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(413, true)]
    [InlineData(422, true)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(502, false)]
    [InlineData(503, false)]
    public async Task WriteAsync_EachStatus_IsAboutTheLinesOrTheServer(int status, bool isAboutTheLines)
    {
        _answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsJsonAsync(new { code = "test", message = "because of the test" });
        };
        using var writer = Writer();
        var outcome = await writer.WriteAsync(["a b=1 1"], _patience.Token);
        Assert.Equal(isAboutTheLines ? InfluxWriteKind.Refused : InfluxWriteKind.Unavailable, outcome.Kind);
        Assert.Contains($"HTTP {status}", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("because of the test", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Wed, 21 Oct 2026 07:28:00 GMT", null)]
    [InlineData("soon", null)]
    public async Task WriteAsync_RetryAfter_IsToldWhereItIsSeconds(string value, int? seconds)
    {
        _answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = value;
            return Task.CompletedTask;
        };
        using var writer = Writer();
        var outcome = await writer.WriteAsync(["a b=1 1"], _patience.Token);
        Assert.Equal((InfluxWriteKind.Unavailable, seconds is { } s ? TimeSpan.FromSeconds(s) : null), (outcome.Kind, outcome.RetryAfter));
    }

    [Fact]
    public async Task WriteAsync_AProxysPage_IsUnavailable()
    {
        _answer = context =>
        {
            context.Response.StatusCode = 502;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<html>Bad Gateway</html>");
        };
        using var writer = Writer();
        Assert.Equal(InfluxWriteKind.Unavailable, (await writer.WriteAsync(["a b=1 1"], _patience.Token)).Kind);
    }

    [Fact]
    public async Task WriteAsync_ConnectionCutWithoutAnAnswer_IsUnavailable()
    {
        _answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var writer = Writer();
        Assert.Equal(InfluxWriteKind.Unavailable, (await writer.WriteAsync(["a b=1 1"], _patience.Token)).Kind);
    }

    [Fact]
    public async Task WriteAsync_NobodyListens_IsUnavailable()
    {
        using var writer = Writer();
        await _server.StopAsync();
        Assert.Equal(InfluxWriteKind.Unavailable, (await writer.WriteAsync(["a b=1 1"], _patience.Token)).Kind);
    }

    [Fact]
    public async Task WriteAsync_NoAnswerWithinTheLimit_IsUnavailable()
    {
        _answer = context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        using var writer = Writer(TimeSpan.FromMilliseconds(200));
        Assert.Equal(InfluxWriteKind.Unavailable, (await writer.WriteAsync(["a b=1 1"], _patience.Token)).Kind);
    }

    [Fact]
    public async Task WriteAsync_CancelledWhileTheServerHangs_IsACancellation()
    {
        using var cancel = new CancellationTokenSource();
        _answer = async context =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        using var writer = Writer();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.WriteAsync(["a b=1 1"], cancel.Token).WaitAsync(_patience.Token));
        Assert.False(_patience.IsCancellationRequested);
    }

    private InfluxWriter Writer(TimeSpan? timeout = null) => new(Options.Create(new InfluxOptions
    {
        Url = _server.Urls.First(), Org = "ward", Bucket = "ecg", Token = "secret", Timeout = timeout ?? TimeSpan.FromSeconds(50),
    }));
}
