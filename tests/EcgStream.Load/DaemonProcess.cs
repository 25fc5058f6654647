using System.Diagnostics;
using System.Globalization;
using EcgStream.Daemon.Hosting;

namespace EcgStream.Load;

/// <summary>The daemon in a process of its own, with a temporary folder and free ports; CPU and memory are read from /proc.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    /// <summary>Clock ticks per second in /proc/PID/stat; fixed by the Linux ABI for user space.</summary>
    private const double TicksPerSecond = 100;

    private readonly Process _process;
    private readonly string _folder;

    private DaemonProcess(Process process, string folder, int grpcPort, int mqttPort, TimeSpan startToReady)
    {
        _process = process;
        _folder = folder;
        GrpcPort = grpcPort;
        MqttPort = mqttPort;
        StartToReady = startToReady;
    }

    public int GrpcPort { get; }

    public int MqttPort { get; }

    public TimeSpan StartToReady { get; }

    public bool HasExited => _process.HasExited;

    public double CpuSeconds
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    public long ResidentBytes =>
        long.Parse(File.ReadAllText($"/proc/{_process.Id}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    public static async Task<DaemonProcess> StartAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-load-").FullName;
        var ports = FreePort.Take(3);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = false, UseShellExecute = false };
        foreach (var argument in (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "ecgstreamd.dll"), "run", $"--Storage:DataDirectory={folder}",
            "--Ingest:Grpc:BindAddress=127.0.0.1", $"--Ingest:Grpc:Port={ports[0]}",
            "--Ingest:Mqtt:BindAddress=127.0.0.1", $"--Ingest:Mqtt:Port={ports[1]}",
            "--Http:BindAddress=127.0.0.1", $"--Http:Port={ports[2]}", "--Logging:LogLevel:Default=Warning",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start) ?? throw new InvalidOperationException("The daemon could not be started.");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[2]}") };
        while (!await IsReadyAsync(http, cancellation))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException("The daemon did not become ready within 60 s.");
            }

            await Task.Delay(20, cancellation);
        }

        return new DaemonProcess(process, folder, ports[0], ports[1], Stopwatch.GetElapsedTime(began));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
