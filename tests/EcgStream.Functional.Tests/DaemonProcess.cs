using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using EcgStream.Daemon.Hosting;

namespace EcgStream.Functional.Tests;

/// <summary><c>ecgstreamd</c> as a process of its own, for what only a process can show: exit codes, its last words, and a kill.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();

    private DaemonProcess(string[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ecgstreamd.dll"), "run", .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
    }

    /// <summary>Everything on standard error so far: log lines, and last of all why it ended.</summary>
    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public static DaemonProcess Start(params string[] settings)
    {
        var daemon = new DaemonProcess(settings);
        daemon._process.Start();
        daemon._process.BeginOutputReadLine();
        daemon._process.BeginErrorReadLine();
        return daemon;
    }

    /// <summary>Settings of a daemon on free loopback ports: gRPC, MQTT, HTTP.</summary>
    public static string[] Settings(string dataDirectory, out int[] ports)
    {
        var free = ports = FreePort.Take(3);
        string Number(int index) => free[index].ToString(CultureInfo.InvariantCulture);
        return
        [
            $"--Storage:DataDirectory={dataDirectory}",
            "--Ingest:Grpc:BindAddress=127.0.0.1", $"--Ingest:Grpc:Port={Number(0)}",
            "--Ingest:Mqtt:BindAddress=127.0.0.1", $"--Ingest:Mqtt:Port={Number(1)}",
            "--Http:BindAddress=127.0.0.1", $"--Http:Port={Number(2)}",
            "--Inference:Device=cpu",
        ];
    }

    /// <summary>Waits until <c>/health/ready</c> says so.</summary>
    public async Task ReadyAsync(int httpPort, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        await Waiting.UntilAsync(
            async () =>
            {
                Assert.False(_process.HasExited, Error);
                try
                {
                    using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{httpPort}/health/ready"), cancellation);
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the daemon to be ready", cancellation);
    }

    /// <summary>Waits for the end; fails where it does not come.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Waiting.Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Assert.Fail($"ecgstreamd did not end:\n{Error}");
        }

        return _process.ExitCode;
    }

    /// <summary>Ends it as a power cut does: no handler runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_error)
        {
            _error.AppendLine(line);
        }
    }
}
