using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EcgStream.Daemon.Hosting;

namespace EcgStream.Faults.Processes;

/// <summary>Debian's mosquitto with persistence: the hospital's broker between devices and daemon.</summary>
internal sealed class Mosquitto(string folder) : IAsyncDisposable
{
    private ChildProcess? _process;

    public static string? Missing => Shell.Find("mosquitto") is null ? "mosquitto is not installed" : null;

    public int Port { get; } = FreePort.Take(1)[0];

    public async Task StartAsync()
    {
        var configuration = Path.Combine(folder, "mosquitto.conf");
        var user = Environment.IsPrivilegedProcess ? "user root\n" : "";
        await File.WriteAllTextAsync(configuration, string.Create(
            CultureInfo.InvariantCulture,
            $"{user}listener {Port} 127.0.0.1\nallow_anonymous true\npersistence true\nautosave_interval 1\npersistence_location {folder}/\nmax_queued_messages 100000\n"));
        _process = ChildProcess.Start(Path.Combine(folder, "mosquitto.log"), null, null, Shell.Find("mosquitto")!, "-c", configuration);
        while (!_process.HasExited)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException($"mosquitto ended; see {folder}/mosquitto.log");
    }

    /// <summary>Ends it so that it writes its state.</summary>
    public async Task StopAsync()
    {
        await _process!.SignalAsync("TERM");
        await _process.WaitAsync(TimeSpan.FromSeconds(30));
        await _process.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
