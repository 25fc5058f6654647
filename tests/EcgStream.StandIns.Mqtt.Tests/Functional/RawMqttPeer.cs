using System.Buffers;
using System.Net.Sockets;
using EcgStream.StandIns.Mqtt.Tests.Codec;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

/// <summary>A socket that says exactly what a test tells it to, for peers that break the rules or vanish.</summary>
internal sealed class RawMqttPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly MqttPacketDecoder _decoder;
    private byte[] _received = [];

    private RawMqttPeer(MqttProtocolVersion version)
    {
        _decoder = new MqttPacketDecoder(peerIsClient: false, MqttPacketDecoder.LargestPacketSize) { Version = version };
        Version = version;
    }

    public MqttProtocolVersion Version { get; }

    public static async Task<RawMqttPeer> DialAsync(int port, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var peer = new RawMqttPeer(version);
        await peer._socket.ConnectAsync("127.0.0.1", port);
        return peer;
    }

    public static async Task<RawMqttPeer> ConnectAsync(
        int port, string clientId, MqttProtocolVersion version = MqttProtocolVersion.V500, Action<MqttConnectPacket>? configure = null)
    {
        var peer = await DialAsync(port, version);
        var connect = new MqttConnectPacket { ClientId = clientId, ProtocolVersion = version, CleanSession = true };
        configure?.Invoke(connect);
        await peer.SendAsync(connect);
        Assert.Equal(0, Assert.IsType<MqttConnAckPacket>(await peer.ReceiveAsync()).Code);
        return peer;
    }

    public Task SendAsync(MqttPacket packet) => SendAsync(NaiveEncoder.Encode(packet, Version));

    public async Task SendAsync(params byte[] bytes) => await _socket.SendAsync(bytes);

    /// <summary>The next packet, or null where the server has closed the connection.</summary>
    public async Task<MqttPacket?> ReceiveAsync()
    {
        using var timeout = new CancellationTokenSource(MqttTestHost.Patience);
        var buffer = new byte[4096];
        while (true)
        {
            var input = new ReadOnlySequence<byte>(_received);
            var status = _decoder.TryDecode(ref input, out var packet);
            Assert.NotEqual(MqttDecodeStatus.Failed, status);
            if (status == MqttDecodeStatus.Packet)
            {
                _received = input.ToArray();
                return packet;
            }

            int count;
            try
            {
                count = await _socket.ReceiveAsync(buffer, timeout.Token);
            }
            catch (SocketException)
            {
                return null;
            }

            if (count == 0)
            {
                return null;
            }

            _received = [.. _received, .. buffer.AsSpan(0, count)];
        }
    }

    public void Dispose() => _socket.Dispose();
}
