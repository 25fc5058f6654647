using System.Net.Sockets;
using System.Text;

namespace EcgStream.Functional.Tests.Hosting;

/// <summary>What systemd hears of a daemon with Type=notify and a watchdog: the same datagrams on the same kind of socket.</summary>
public sealed class SystemdNotifyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithNotifySocketAndWatchdog_SaysReadyAndFeedsIt()
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-notify-");
        var path = Path.Combine(folder.FullName, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        await using (var daemon = DaemonProcess.StartCommand(
            ["run", .. DaemonProcess.Settings(Path.Combine(folder.FullName, "data"), out _)],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "600000" }))
        {
            Assert.Equal("READY=1", await OtherThanWatchdogAsync(socket, daemon)); // a slow start feeds the watchdog before
            Assert.Equal("WATCHDOG=1", await ReceiveAsync(socket, daemon));
            Assert.Equal("WATCHDOG=1", await ReceiveAsync(socket, daemon));
            daemon.Terminate();
            Assert.Equal("STOPPING=1", await OtherThanWatchdogAsync(socket, daemon));
            Assert.Equal(0, await daemon.ExitAsync(Cancellation));
        }

        folder.Delete(recursive: true);
    }

    private static async Task<string> OtherThanWatchdogAsync(Socket socket, DaemonProcess daemon)
    {
        while (true)
        {
            if (await ReceiveAsync(socket, daemon) is var said and not "WATCHDOG=1")
            {
                return said;
            }
        }
    }

    private static async Task<string> ReceiveAsync(Socket socket, DaemonProcess daemon)
    {
        var buffer = new byte[256];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Waiting.Patience);
        try
        {
            return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"nothing came on the socket:\n{daemon.Error}");
            throw;
        }
    }
}
