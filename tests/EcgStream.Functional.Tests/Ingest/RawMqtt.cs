using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace EcgStream.Functional.Tests.Ingest;

/// <summary>An MQTT client on a bare socket, for what no library would send.</summary>
internal sealed class RawMqtt : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _socket = new() { NoDelay = true };
    private readonly bool _five;

    private RawMqtt(bool five) => _five = five;

    public static async Task<RawMqtt> ConnectAsync(int port, string clientId, bool five = true, ushort keepAliveSeconds = 0, int receiveBuffer = 0)
    {
        var client = await OpenAsync(port, five, receiveBuffer);
        await client.SendAsync(0x10, [.. Text("MQTT"), five ? (byte)5 : (byte)4, 2, (byte)(keepAliveSeconds >> 8), (byte)keepAliveSeconds, .. client.None, .. Text(clientId)]);
        return client;
    }

    /// <summary>A connection that has said nothing yet.</summary>
    public static async Task<RawMqtt> OpenAsync(int port, bool five = true, int receiveBuffer = 0)
    {
        var client = new RawMqtt(five);
        if (receiveBuffer > 0)
        {
            client._socket.ReceiveBufferSize = receiveBuffer;
        }

        await client._socket.ConnectAsync("127.0.0.1", port);
        return client;
    }

    public Task PublishAsync(string topic, byte[] payload, int qos, ushort id, bool retain = false) => SendAsync(
        (byte)(0x30 | (qos << 1) | (retain ? 1 : 0)), [.. Text(topic), .. qos > 0 ? new[] { (byte)(id >> 8), (byte)id } : [], .. None, .. payload]);

    public Task SubscribeAsync(string filter) => SendAsync(0x82, [0, 1, .. None, .. Text(filter), 0]);

    public async Task SendAsync(byte kind, byte[] body)
    {
        List<byte> packet = [kind];
        var length = body.Length;
        do
        {
            packet.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        await RawAsync([.. packet, .. body]);
    }

    public Task RawAsync(byte[] bytes) => _socket.GetStream().WriteAsync(bytes).AsTask();

    /// <returns>First byte and body of the next packet; null when the server has closed the connection.</returns>
    public async Task<(byte Kind, byte[] Body)?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var stream = _socket.GetStream();
        var one = new byte[1];
        try
        {
            if (await stream.ReadAsync(one, limit.Token) == 0)
            {
                return null;
            }

            var (kind, length, shift) = (one[0], 0, 0);
            do
            {
                await stream.ReadExactlyAsync(one, limit.Token);
                length |= (one[0] & 0x7F) << shift;
                shift += 7;
            }
            while (one[0] > 0x7F);
            var body = new byte[length];
            await stream.ReadExactlyAsync(body, limit.Token);
            return (kind, body);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static ushort Id(byte[] body) => BinaryPrimitives.ReadUInt16BigEndian(body);

    public void Dispose() => _socket.Dispose();

    private byte[] None => _five ? [0] : []; // no properties

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
