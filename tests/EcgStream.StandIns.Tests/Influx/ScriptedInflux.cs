using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace EcgStream.StandIns.Tests.Influx;

/// <summary>A real HTTP server that answers as its script says, then 204; for the failures that no real InfluxDB gives on demand.</summary>
internal sealed class ScriptedInflux : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(int Status, string Body, string? RetryAfter)> _script = new();
    private readonly Task _loop;

    public ScriptedInflux()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _loop = RunAsync();
    }

    public string Url { get; }

    /// <summary>Path with query, and body, of each request.</summary>
    public ConcurrentQueue<(string Path, string Body)> Requests { get; } = new();

    public ScriptedInflux Answer(int status, string body = "", string? retryAfter = null)
    {
        _script.Enqueue((status, body, retryAfter));
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        _listener.Close();
    }

    private async Task RunAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var input = context.Request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress) : context.Request.InputStream;
            using var text = new StreamReader(input, Encoding.UTF8);
            Requests.Enqueue((context.Request.RawUrl!, await text.ReadToEndAsync()));
            var (status, body, retryAfter) = _script.TryDequeue(out var next) ? next : (204, "", null);
            context.Response.StatusCode = status;
            if (retryAfter is not null)
            {
                context.Response.AddHeader("Retry-After", retryAfter);
            }

            if (body.Length > 0)
            {
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            }

            context.Response.Close();
        }
    }
}
