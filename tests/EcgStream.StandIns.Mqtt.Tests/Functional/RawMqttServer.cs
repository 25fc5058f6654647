using System.Net;
using System.Net.Sockets;
using EcgStream.Testing;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

/// <summary>A server that says to one client exactly what a test tells it to, in bytes. One connection at a time.</summary>
internal sealed class RawMqttServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? _peer;

    public RawMqttServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Client = new MqttClient(MqttNetNullLogger.Instance, Clock);
    }

    public ManualTimeProvider Clock { get; } = new();

    public IMqttClient Client { get; }

    /// <summary>Lets the client in with the CONNACK given.</summary>
    public async Task<MqttClientConnectResult> LetInAsync(string connAck, MqttProtocolVersion version = MqttProtocolVersion.V500, Action<MqttClientOptionsBuilder>? configure = null)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port)
            .WithClientId("c").WithProtocolVersion(version).WithTimeout(MqttTestHost.Patience).WithNoKeepAlive();
        configure?.Invoke(options);
        var connecting = Client.ConnectAsync(options.Build());
        _peer?.Dispose();
        _peer = await _listener.AcceptAsync();
        _peer.NoDelay = true;
        Assert.StartsWith("10", await TakeAsync(), StringComparison.Ordinal);
        await SayAsync(connAck);
        return await connecting;
    }

    public Task SayAsync(params string[] packets) => _peer!.SendHexAsync(string.Concat(packets));

    /// <summary>The client's next packet, or null where it has closed the connection.</summary>
    public Task<string?> TakeAsync() => _peer!.PacketAsync();

    public async Task<string[]> TakeAsync(int count)
    {
        var packets = new string[count];
        for (var i = 0; i < count; i++)
        {
            packets[i] = await TakeAsync() ?? "closed";
        }

        return packets;
    }

    /// <summary>Breaks the connection and waits until the client has seen it.</summary>
    public async Task BreakAsync()
    {
        _peer!.Dispose();
        await PublishSubscribeTests.WaitUntilAsync(() => !Client.IsConnected);
    }

    public void Dispose()
    {
        Client.Dispose();
        _peer?.Dispose();
        _listener.Dispose();
    }
}
