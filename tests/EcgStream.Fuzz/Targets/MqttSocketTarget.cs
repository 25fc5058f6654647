using System.Net;
using System.Net.Sockets;
using EcgStream.Daemon.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace EcgStream.Fuzz.Targets;

/// <summary>
/// Bytes on the daemon's MQTT port, after a good CONNECT or in its place. Whatever they are, the connection ends once they have been read, and a client
/// that behaves is answered beside it.
/// </summary>
internal sealed class MqttSocketTarget : FuzzTarget
{
    private static readonly byte[] Connect4 = [0x10, 13, 0, 4, .. "MQTT"u8, 4, 2, 0, 60, 0, 1, (byte)'f'];
    private static readonly byte[] Connect5 = [0x10, 14, 0, 4, .. "MQTT"u8, 5, 2, 0, 60, 0, 0, 1, (byte)'f'];
    private static readonly byte[] Topic = [0, 25, .. "ecg/v1/main/fuzz-1/samples"u8[..25]];

    /// <summary>For the answer to a connect packet: bytes that are none, or only the start of one, get no answer.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(50);

    /// <summary>One for the process: a daemon takes a second to start.</summary>
    private static readonly Lazy<Task<int>> Daemon = new(StartAsync);

    public override string Name => "mqtt-socket";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        Connect4, Connect5, [0xC0, 0, 0xE0, 0], [0x30, 27, .. Topic], [0x32, 30, .. Topic, 0, 1, 8], [0x34, 31, .. Topic, 0, 1, 0, 8], [0x82, 9, 0, 1, 0, 0, 3, (byte)'a', (byte)'/', (byte)'#', 1],
        [0x62, 2, 0, 1], [0x30, 0xFF, 0xFF, 0xFF, 0x7F], [0xF0, 0], [0x20, 2, 0, 0],
    ];

    /// <summary>Four connections.</summary>
    public override int Cost => 100;

    public override void Prepare() => _ = Daemon.Value.GetAwaiter().GetResult();

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice) => RunAsync(input).GetAwaiter().GetResult();

    private static async Task<bool> RunAsync(ReadOnlyMemory<byte> input)
    {
        var port = await Daemon.Value;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            var alone = await DrainAsync(port, input.ToArray(), limit.Token, awaited: 1, AnswerLimit);
            await DrainAsync(port, [.. Connect4, .. input.Span], limit.Token);
            await DrainAsync(port, [.. Connect5, .. input.Span], limit.Token);

            // An id of its own: the connections above may still be at their end, and a second one of their id would replace the first.
            byte[] ping = [.. Connect4[..^1], (byte)'g', 0xC0, 0];
            return await DrainAsync(port, ping, limit.Token, awaited: 6) == 6 ? alone > 0 : throw new FindingException("a client that behaves is not answered");
        }
        catch (OperationCanceledException)
        {
            throw new FindingException("a connection hangs though everything sent was read and the sender has closed");
        }
    }

    /// <param name="port">The daemon's.</param>
    /// <param name="bytes">What is sent.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="awaited">Bytes to wait for before this side closes; MQTTnet may drop answers still to be sent when a client closes.</param>
    /// <param name="patience">How long to wait for them; null for as long as it takes.</param>
    /// <returns>Bytes that came back until the daemon closed the connection.</returns>
    private static async Task<int> DrainAsync(int port, byte[] bytes, CancellationToken cancellation, int awaited = 0, TimeSpan? patience = null)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var (total, buffer) = (0, new byte[4096]);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            await socket.SendAsync(bytes, cancellation);
            while (total < awaited && socket.Poll(patience ?? Timeout.InfiniteTimeSpan, SelectMode.SelectRead)
                && await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count)
            {
                total += count;
            }

            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count)
            {
                total += count;
            }
        }
        catch (SocketException)
        {
            // The daemon cut it off, which it may.
        }

        return total;
    }

    private static async Task<int> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("ecgstream-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(data, recursive: true);
        var ports = FreePort.Take(3);
        var daemon = DaemonHost.Build(
        [
            $"--Storage:DataDirectory={data}", "--Inference:Device=cpu", "--Ingest:Mqtt:BindAddress=127.0.0.1", $"--Ingest:Mqtt:Port={ports[0]}",
            "--Ingest:Grpc:BindAddress=127.0.0.1", $"--Ingest:Grpc:Port={ports[1]}", "--Http:BindAddress=127.0.0.1", $"--Http:Port={ports[2]}",
        ], host => host.Logging.ClearProviders());
        await daemon.StartAsync();
        return ports[0];
    }
}
