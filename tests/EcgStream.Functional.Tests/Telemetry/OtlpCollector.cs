using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcgStream.Functional.Tests.Telemetry;

/// <summary>Takes OTLP over HTTP as a collector does, and keeps the bodies: names in them are plain UTF-8.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, StringBuilder> _bodies = new(StringComparer.Ordinal);

    private OtlpCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var text = collector._bodies.GetOrAdd(signal, static _ => new StringBuilder());
            lock (text)
            {
                text.Append(Encoding.UTF8.GetString(body.ToArray()));
            }

            return Microsoft.AspNetCore.Http.Results.Bytes(Array.Empty<byte>(), "application/x-protobuf");
        });
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Everything of one signal so far.</summary>
    public string Received(string signal)
    {
        if (!_bodies.TryGetValue(signal, out var text))
        {
            return "";
        }

        lock (text)
        {
            return text.ToString();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
