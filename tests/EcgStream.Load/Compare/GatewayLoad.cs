using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;
using Google.Protobuf;

namespace EcgStream.Load.Compare;

/// <summary>
/// A gateway: one connection that carries the chunks of 50 devices into a whole daemon, journal and pipeline included, as fast as they are acknowledged.
/// </summary>
internal static class GatewayLoad
{
    private const int Devices = 50;
    private const int Window = 200; // unacknowledged chunks, below what MQTT and gRPC take by default

    /// <returns>Chunks acknowledged in a second.</returns>
    public static async Task<double> RunMqttAsync(int port, CompareOptions options, int round)
    {
        using var socket = await MqttLoad.ConnectAsync(port, $"gateway-{round}");
        using var room = new SemaphoreSlim(Window, Window);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(options.Seconds));
        var acknowledged = 0L;
        var reading = Task.Run(
            async () =>
            {
                var buffer = new byte[16 * 1024];
                for (var carried = 0; await socket.ReceiveAsync(buffer) is > 0 and var count; carried = (carried + count) % 4)
                {
                    var acks = (carried + count) / 4; // each PUBACK has four bytes
                    acknowledged += acks;
                    if (acks > 0)
                    {
                        room.Release(acks);
                    }
                }
            },
            CancellationToken.None);
        var topics = Enumerable.Range(0, Devices).Select(i => Encoding.ASCII.GetBytes($"ecg/v1/main/{Name("mqtt", round, i)}/samples")).ToArray();
        var chunks = Chunks("mqtt", round);
        var clock = Stopwatch.StartNew();
        var packet = new byte[options.PayloadBytes + 256];
        try
        {
            for (ulong sent = 0; ; sent++)
            {
                await room.WaitAsync(stop.Token);
                var length = Encode(packet, topics[sent % Devices], (ushort)(1 + (sent % 60_000)), Next(chunks, sent));
                for (var rest = packet.AsMemory(0, length); rest.Length > 0;)
                {
                    rest = rest[await socket.SendAsync(rest, CancellationToken.None)..];
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        var perSecond = Volatile.Read(ref acknowledged) / clock.Elapsed.TotalSeconds;
        socket.Shutdown(SocketShutdown.Send);
        await reading;
        return perSecond;
    }

    /// <returns>Chunks acknowledged in a second.</returns>
    public static async Task<double> RunGrpcAsync(int port, CompareOptions options, int round)
    {
        using var channel = GrpcChannels.Open(new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", port));
        using var call = new Protocol.V1.Ingest.IngestClient(channel).StreamSamples(cancellationToken: CancellationToken.None);
        using var room = new SemaphoreSlim(Window, Window);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(options.Seconds));
        var acknowledged = 0L;
        var reading = Task.Run(
            async () =>
            {
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    acknowledged += call.ResponseStream.Current.Acks.Count;
                    room.Release(call.ResponseStream.Current.Acks.Count);
                }
            },
            CancellationToken.None);
        var chunks = Chunks("grpc", round);
        var clock = Stopwatch.StartNew();
        try
        {
            for (ulong sent = 0; ; sent++)
            {
                await room.WaitAsync(stop.Token);
                await call.RequestStream.WriteAsync(Next(chunks, sent), CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
        }

        var perSecond = Volatile.Read(ref acknowledged) / clock.Elapsed.TotalSeconds;
        await call.RequestStream.CompleteAsync();
        await reading;
        return perSecond;
    }

    private static string Name(string transport, int round, int device) => $"{transport}-{round}-{device}";

    private static SampleChunk[] Chunks(string transport, int round) =>
        [.. Enumerable.Range(0, Devices).Select(i => GrpcLoad.Chunk(Name(transport, round, i)))];

    /// <summary>The device's next 200 ms.</summary>
    private static SampleChunk Next(SampleChunk[] chunks, ulong sent)
    {
        var chunk = chunks[sent % Devices];
        chunk.Sequence = sent / Devices;
        chunk.DeviceTimeUnixNs = 1_700_000_000_000_000_000 + (chunk.Sequence * 200_000_000);
        return chunk;
    }

    private static int Encode(byte[] packet, byte[] topic, ushort id, SampleChunk chunk)
    {
        var payload = chunk.CalculateSize();
        var body = 2 + topic.Length + 2 + payload;
        byte[] head = [0x32, (byte)(body | 0x80), (byte)(body >> 7), (byte)(topic.Length >> 8), (byte)topic.Length, .. topic, (byte)(id >> 8), (byte)id];
        head.CopyTo(packet, 0);
        chunk.WriteTo(packet.AsSpan(head.Length, payload));
        return head.Length + payload;
    }
}
