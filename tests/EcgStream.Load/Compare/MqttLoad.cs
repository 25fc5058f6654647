using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EcgStream.Load.Compare;

/// <summary>
/// MQTT 3.1.1 publishers on bare sockets, so that the load costs little beside what is measured. QoS 0: everything that the server has taken once it answers a
/// ping sent behind it. QoS 1: acknowledgements.
/// </summary>
internal static class MqttLoad
{
    private const int BatchPackets = 25;
    private const int WindowBatches = 8; // 200 unacknowledged publishes on each connection

    /// <returns>Publishes that the server accepted in a second.</returns>
    public static async Task<double> RunAsync(int port, int qos, CompareOptions options)
    {
        using var stop = new CancellationTokenSource();
        var connections = new List<Socket>();
        for (var i = 0; i < options.Connections; i++)
        {
            connections.Add(await ConnectAsync(port, $"load-{i}"));
        }

        var clock = Stopwatch.StartNew();
        stop.CancelAfter(TimeSpan.FromSeconds(options.Seconds));
        var counts = await Task.WhenAll(connections.Select((socket, i) => Task.Run(() => PublishAsync(socket, Packets(i, qos, options.PayloadBytes), qos, stop.Token))));
        var perSecond = counts.Sum() / clock.Elapsed.TotalSeconds;
        connections.ForEach(socket => socket.Dispose());
        return perSecond;
    }

    public static async Task<Socket> ConnectAsync(int port, string clientId)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var id = Encoding.ASCII.GetBytes(clientId);
        byte[] connect = [0x10, (byte)(12 + id.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, (byte)id.Length, .. id];
        await socket.SendAsync(connect);
        var answer = new byte[4];
        for (var read = 0; read < 4;)
        {
            var count = await socket.ReceiveAsync(answer.AsMemory(read));
            read += count > 0 ? count : throw new IOException("The server closed the connection before CONNACK.");
        }

        return answer[3] == 0 ? socket : throw new IOException($"The server refused the connection with {answer[3]}.");
    }

    private static async Task<long> PublishAsync(Socket socket, byte[][] batches, int qos, CancellationToken stop)
    {
        using var room = new SemaphoreSlim(WindowBatches, WindowBatches);
        var pinged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var acknowledged = 0L;
        var reading = Task.Run(async () =>
        {
            var buffer = new byte[16 * 1024];
            var pending = 0;
            while (await socket.ReceiveAsync(buffer.AsMemory(pending)) is > 0 and var count)
            {
                pending += count;
                var at = 0;
                for (; pending - at >= 2 && pending - at >= 2 + buffer[at + 1]; at += 2 + buffer[at + 1])
                {
                    if (buffer[at] >> 4 == 13)
                    {
                        pinged.TrySetResult();
                        return;
                    }

                    if (++acknowledged % BatchPackets == 0)
                    {
                        room.Release();
                    }
                }

                buffer.AsSpan(at, pending - at).CopyTo(buffer);
                pending -= at;
            }
        }, CancellationToken.None);
        var sent = 0L;
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i = (i + 1) % batches.Length)
            {
                if (qos > 0)
                {
                    await room.WaitAsync(stop);
                }

                for (var batch = batches[i].AsMemory(); batch.Length > 0;)
                {
                    batch = batch[await socket.SendAsync(batch, CancellationToken.None)..];
                }

                sent += BatchPackets;
            }
        }
        catch (OperationCanceledException)
        {
        }

        await socket.SendAsync(new byte[] { 0xC0, 0 }, CancellationToken.None);
        await pinged.Task.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        await reading;
        return qos == 0 ? sent : acknowledged;
    }

    /// <summary>Batches with packet identifiers of their own, enough of them that none is used twice within the window.</summary>
    private static byte[][] Packets(int connection, int qos, int payloadBytes)
    {
        var topic = Encoding.ASCII.GetBytes($"ecg-load/ward/{connection}/samples");
        var body = 2 + topic.Length + (qos > 0 ? 2 : 0) + payloadBytes;
        byte[] length = body < 128 ? [(byte)body] : body < 16384 ? [(byte)(body | 0x80), (byte)(body >> 7)] : [(byte)(body | 0x80), (byte)((body >> 7) | 0x80), (byte)(body >> 14)];
        var batches = new byte[WindowBatches + 1][];
        for (var b = 0; b < batches.Length; b++)
        {
            var bytes = new MemoryStream();
            for (var p = 0; p < BatchPackets; p++)
            {
                bytes.WriteByte((byte)(0x30 | (qos << 1)));
                bytes.Write(length);
                bytes.Write([(byte)(topic.Length >> 8), (byte)topic.Length]);
                bytes.Write(topic);
                if (qos > 0)
                {
                    var id = new byte[2];
                    BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)(1 + (b * BatchPackets) + p));
                    bytes.Write(id);
                }

                bytes.Write(new byte[payloadBytes]);
            }

            batches[b] = bytes.ToArray();
        }

        return batches;
    }
}
