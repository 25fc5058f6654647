using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EcgStream.Daemon.Hosting;

namespace EcgStream.Load.Compare;

/// <summary>A server under load, in a process of its own.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private static readonly string[] _mosquittos = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"];

    private readonly Process _process;
    private readonly string _folder;

    private PeerServer(Process process, int port, string folder)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    public int Port { get; }

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes =>
        long.Parse(File.ReadAllText($"/proc/{_process.Id}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    /// <summary>This program again, with <c>serve mqtt</c> or <c>serve grpc</c>.</summary>
    public static Task<PeerServer> StartOwnAsync(string kind)
    {
        var port = FreePort.Take(1)[0];
        return StartAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "EcgStream.Load.dll"), "serve", kind, port.ToString(CultureInfo.InvariantCulture)], port, "");
    }

    /// <summary>Null where mosquitto is not installed.</summary>
    public static async Task<PeerServer?> StartMosquittoAsync()
    {
        var program = _mosquittos.FirstOrDefault(File.Exists);
        if (program is null)
        {
            return null;
        }

        var port = FreePort.Take(1)[0];
        var folder = Directory.CreateTempSubdirectory("ecgstream-mosquitto-").FullName;
        var settings = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(
            settings, string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\nmax_inflight_messages 0\nmax_queued_messages 0\n"));
        return await StartAsync(program, ["-c", settings], port, folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task<PeerServer> StartAsync(string program, string[] arguments, int port, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        var server = new PeerServer(Process.Start(start)!, port, folder);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return server;
            }
            catch (SocketException) when (!server._process.HasExited)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }
}
