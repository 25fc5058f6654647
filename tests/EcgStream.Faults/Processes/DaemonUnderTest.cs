using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EcgStream.Daemon.Hosting;

namespace EcgStream.Faults.Processes;

/// <summary><c>ecgstreamd run</c>, started again and again over the same folder and ports.</summary>
internal sealed class DaemonUnderTest : IAsyncDisposable
{
    /// <summary>Far above a start's 1.5 s: the machine may be full of other work.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string[] _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string _log;
    private readonly int[] _ports = FreePort.Take(3);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private ChildProcess? _process;

    public DaemonUnderTest(string dataDirectory, string host, string log, IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        _log = log;
        _environment = environment;
        _arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "ecgstreamd.dll"), "run", $"--Storage:DataDirectory={dataDirectory}",
            $"--Ingest:Grpc:BindAddress={host}", $"--Ingest:Grpc:Port={Text(GrpcPort)}",
            $"--Ingest:Mqtt:BindAddress={host}", $"--Ingest:Mqtt:Port={Text(MqttPort)}",
            "--Http:BindAddress=127.0.0.1", $"--Http:Port={Text(_ports[2])}", "--Inference:Device=cpu", .. settings,
        ];
    }

    public int GrpcPort => _ports[0];

    public int MqttPort => _ports[1];

    public ChildProcess Process => _process ?? throw new InvalidOperationException("the daemon has not been started");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not become ready.</exception>
    public async Task StartAsync()
    {
        _process = ChildProcess.Start(_log, _environment, null, "dotnet", _arguments);
        await ReadyAsync();
    }

    public async Task ReadyAsync()
    {
        var began = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync())
        {
            if (Process.HasExited)
            {
                throw new InvalidOperationException($"the daemon ended with exit code {Process.ExitCode}; see {_log}");
            }

            if (Stopwatch.GetElapsedTime(began) > StartLimit)
            {
                throw new InvalidOperationException($"the daemon was not ready within {StartLimit.TotalSeconds} s; see {_log}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Resident memory now.</summary>
    public double ResidentMebibytes() => long.Parse(File.ReadAllText($"/proc/{Process.Id}/statm").Split(' ')[1], CultureInfo.InvariantCulture)
        * Environment.SystemPageSize / 1048576.0;

    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Ends it as a service manager does.</summary>
    /// <returns>Its exit code; null when it had to be killed.</returns>
    public async Task<int?> StopAsync()
    {
        await Process.SignalAsync("TERM");
        var ended = await Process.WaitAsync(TimeSpan.FromMinutes(1));
        int? code = ended ? Process.ExitCode : null;
        await KillAsync();
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            // A model that throws makes inference unhealthy, and with it the whole; everything else must be well.
            using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{_ports[2]}/health/ready"));
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            return json.RootElement.GetProperty("stages").EnumerateObject()
                .All(stage => stage.Name == "inference" || stage.Value.GetProperty("status").GetString() != "Unhealthy");
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or JsonException)
        {
            return false;
        }
    }
}
