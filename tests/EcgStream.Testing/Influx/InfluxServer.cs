using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace EcgStream.Testing.Influx;

/// <summary>
/// A real influxd 1.x (Debian package influxdb) on free ports of the loopback in a temporary folder, behind an nginx that maps the 2.x write path
/// to that of 1.x. Both processes are this class's own and end with it.
/// </summary>
public sealed class InfluxServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-influx-").FullName;
    private readonly HttpClient _http = new();
    private readonly int _influxPort = FreePort();
    private readonly int _backupPort = FreePort();
    private readonly int _proxyPort = FreePort();
    private Process? _influx;
    private Process? _nginx;

    private readonly string? _token;

    private InfluxServer(string? token) => _token = token;

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Missing => Find("influxd") is null
        ? "influxd is not installed (apt-get install influxdb)"
        : Find("nginx") is null ? "nginx is not installed (apt-get install nginx-light)" : null;

    /// <summary>Address of the 2.x write API.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_proxyPort}");

    /// <param name="database">Made empty.</param>
    /// <param name="token">The one API token that may write, as in 2.x; null = writing needs none.</param>
    public static async Task<InfluxServer> StartAsync(string database, CancellationToken cancellation, string? token = null)
    {
        var server = new InfluxServer(token);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(server._folder, "influxdb.conf"), server.InfluxConfig(), cancellation);
            await File.WriteAllTextAsync(Path.Combine(server._folder, "nginx.conf"), server.NginxConfig(), cancellation);
            server._nginx = server.Run("nginx", "-p", server._folder, "-c", Path.Combine(server._folder, "nginx.conf"), "-g", "daemon off;");
            await server.StartInfluxAsync(cancellation);
            await server.QueryAsync($"CREATE DATABASE \"{database}\"", "", cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts influxd, again after <see cref="StopInfluxAsync"/>; its data are kept.</summary>
    public async Task StartInfluxAsync(CancellationToken cancellation)
    {
        _influx = Run("influxd", "-config", Path.Combine(_folder, "influxdb.conf"));
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(cancellation))
        {
            if (_influx.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                throw new InvalidOperationException($"influxd did not start: exited {_influx.HasExited}");
            }

            await Task.Delay(50, cancellation);
        }
    }

    /// <summary>Kills influxd, as a power cut does; nginx stays and answers 502.</summary>
    public async Task StopInfluxAsync()
    {
        if (_influx is { } process)
        {
            _influx = null;
            await EndAsync(process);
        }
    }

    /// <summary>Id of influxd, to hold it by a signal; null while it is not there.</summary>
    public int? InfluxId => _influx?.Id;

    /// <returns>Rows of the first series: each a column by its name. Empty when the query finds nothing.</returns>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>> QueryAsync(string query, string database, CancellationToken cancellation)
    {
        var series = await SeriesAsync(query, database, cancellation);
        if (series.Count == 0)
        {
            return [];
        }

        string[] columns = [.. series[0].GetProperty("columns").EnumerateArray().Select(column => column.GetString()!)];
        return [.. series[0].GetProperty("values").EnumerateArray().Select(row => columns.Zip(row.EnumerateArray()).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    /// <returns>Every series as the server wrote it: name, tags, columns, values. Empty when the query finds nothing.</returns>
    public async Task<IReadOnlyList<JsonElement>> SeriesAsync(string query, string database, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent([new("q", query), new("db", database)]);
        using var response = await _http.PostAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_influxPort}/query?epoch=ns")), form, cancellation);
        response.EnsureSuccessStatusCode();
        var result = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellation)).GetProperty("results")[0];
        if (result.TryGetProperty("error", out var error))
        {
            throw new InvalidOperationException(error.GetString());
        }

        return result.TryGetProperty("series", out var series) ? [.. series.EnumerateArray()] : [];
    }

    public async ValueTask DisposeAsync()
    {
        await StopInfluxAsync();
        if (_nginx is { } process)
        {
            await EndAsync(process);
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(Url + "/ping"), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        var process = Process.Start(start)!;
        // Read to nowhere: a full pipe would stop the server.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private string InfluxConfig() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        reporting-disabled = true
        bind-address = "127.0.0.1:{_backupPort}"
        [meta]
          dir = "{_folder}/meta"
        [data]
          dir = "{_folder}/data"
          wal-dir = "{_folder}/wal"
        [monitor]
          store-enabled = false
        [http]
          bind-address = "127.0.0.1:{_influxPort}"
          log-enabled = false
        """);

    // As root, nginx would run its worker as a user who cannot write to the temporary folder.
    private string NginxConfig() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        worker_processes 1;
        pid {{_folder}}/nginx.pid;
        error_log {{_folder}}/nginx.log;
        events { worker_connections 64; }
        http {
          access_log off;
          client_max_body_size 4m;
          client_body_temp_path {{_folder}}/body;
          proxy_temp_path {{_folder}}/proxy;
          fastcgi_temp_path {{_folder}}/fastcgi;
          uwsgi_temp_path {{_folder}}/uwsgi;
          scgi_temp_path {{_folder}}/scgi;
          server {
            listen 127.0.0.1:{{_proxyPort}};
            location = /api/v2/write {
              {{Guard()}}
              proxy_set_header Authorization "";
              rewrite ^ /write?db=$arg_bucket&precision=$arg_precision? break; proxy_pass http://127.0.0.1:{{_influxPort}};
            }
            location / { proxy_pass http://127.0.0.1:{{_influxPort}}; }
          }
        }
        """);

    // The answer of InfluxDB 2.7 to a token that it does not know.
    private string Guard() => _token is null
        ? ""
        : $$"""if ($http_authorization != "Token {{_token}}") { return 401 '{"code":"unauthorized","message":"unauthorized access"}'; }""";
}
