using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace EcgStream.StandIns.Tests.Influx;

/// <summary>A real HTTP server that answers as its script says, then 204; for the failures that no real InfluxDB gives on demand.</summary>
internal sealed class ScriptedInflux : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(int Status, string Body, string? RetryAfter)> _script = new();

    private ScriptedInflux(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.Single() + "/";

    /// <summary>Path with query, and body, of each request.</summary>
    public ConcurrentQueue<(string Path, string Body)> Requests { get; } = new();

    public static async Task<ScriptedInflux> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new ScriptedInflux(builder.Build());
        await server._app.StartAsync();
        return server;
    }

    public ScriptedInflux Answer(int status, string body = "", string? retryAfter = null)
    {
        _script.Enqueue((status, body, retryAfter));
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var input = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var text = new StreamReader(input, Encoding.UTF8);
        Requests.Enqueue((context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, await text.ReadToEndAsync()));
        var (status, body, retryAfter) = _script.TryDequeue(out var next) ? next : (StatusCodes.Status204NoContent, "", null);
        context.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        if (body.Length > 0)
        {
            await context.Response.WriteAsync(body);
        }
    }
}
