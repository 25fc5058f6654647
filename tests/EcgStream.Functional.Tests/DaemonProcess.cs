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

    private readonly StringBuilder _output = new();

    private DaemonProcess(string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ecgstreamd.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
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

    /// <summary>What a command printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary><c>ecgstreamd run</c> with settings.</summary>
    public static DaemonProcess Start(params string[] settings) => StartCommand(["run", .. settings]);

    /// <summary>Any command, with further environment variables.</summary>
    public static DaemonProcess StartCommand(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var daemon = new DaemonProcess(arguments, environment);
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

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        await using var command = StartCommand(arguments);
        var code = await command.ExitAsync(cancellation);
        return (code, command.Output, command.Error);
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

    /// <summary>Asks it to end, as systemd does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Stops it in order, as systemd does; returns its exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellation)
    {
        Terminate();
        return ExitAsync(cancellation);
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

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }
}
