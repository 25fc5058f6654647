using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Net;
using EcgStream.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

/// <summary>What the server does to peers that break the rules, and how it lets clients in.</summary>
public sealed class ProtocolRulesTests
{
    [Theory]
    [InlineData("F0 00", 0x82)] // AUTH without a reason code is success, which no exchange preceded.
    [InlineData("00 00", 0x81)] // Reserved packet type.
    [InlineData("36 07 00 01 61 00 01 00 78", 0x81)] // QoS 3.
    [InlineData("38 05 00 01 61 00 78", 0x81)] // DUP on QoS 0.
    [InlineData("30 06 00 02 61 23 00 78", 0x90)] // Topic "a#".
    [InlineData("30 04 00 00 00 78", 0x82)] // Neither topic nor alias.
    [InlineData("30 07 00 00 03 23 00 05 78", 0x82)] // Alias never set.
    [InlineData("30 08 00 01 61 03 23 FF FF 78", 0x94)] // Alias above the maximum.
    [InlineData("30 08 00 01 61 03 23 00 00 78", 0x94)] // Alias 0.
    [InlineData("30 07 00 01 61 02 0B 01 78", 0x82)] // A client's PUBLISH with a subscription identifier.
    [InlineData("30 09 00 01 61 04 01 00 01 00 78", 0x82)] // A property twice.
    [InlineData("30 05 00 02 C0 80 00", 0x81)] // Overlong UTF-8.
    [InlineData("30 05 00 02 61 00 00", 0x81)] // U+0000.
    [InlineData("32 05 00 01 61 00 00", 0x82)] // Packet identifier 0... with no room for properties.
    [InlineData("80 06 00 01 00 00 01 61", 0x81)] // SUBSCRIBE with wrong flags.
    [InlineData("82 03 00 01 00", 0x82)] // SUBSCRIBE without a filter.
    [InlineData("82 07 00 01 00 00 01 61 03", 0x81)] // Requested QoS 3.
    [InlineData("82 10 00 01 00 00 0A 24 73 68 61 72 65 2F 67 2F 78 04", 0x82)] // No Local on a shared subscription.
    [InlineData("20 02 00 00", 0x82)] // CONNACK from a client.
    [InlineData("C0 01 00", 0x81)] // PINGREQ with a body.
    [InlineData("40 03 00 01 FF", 0x82)] // Unknown reason code.
    [InlineData("30 FF FF FF FF 01", 0x81)] // Remaining length of five bytes.
    [InlineData("30 FF FF FF 7F", 0x95)] // Larger than the server takes.
    [InlineData("10 10 00 04 4D 51 54 54 05 02 00 00 00 00 03 72 61 77", 0x82)] // A second CONNECT.
    public async Task MalformedPacket_V5_DisconnectNamesReason(string hex, int expectedReason)
    {
        await using var host = await MqttTestHost.StartAsync();
        using var peer = await RawMqttPeer.ConnectAsync(host.Port, "raw");

        await peer.SendAsync(Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal)));

        var answer = Assert.IsType<MqttDisconnectPacket>(await peer.ReceiveAsync());
        Assert.Equal(expectedReason, answer.ReasonCode);
        Assert.Null(await peer.ReceiveAsync());
        Assert.Empty(host.Errors);
    }

    [Theory]
    [InlineData("30 01 00")]
    [InlineData("36 06 00 01 61 00 01 78")]
    [InlineData("E0 01 00")]
    [InlineData("F0 00")]
    public async Task MalformedPacket_V311_ConnectionClosed(string hex)
    {
        await using var host = await MqttTestHost.StartAsync();
        using var peer = await RawMqttPeer.ConnectAsync(host.Port, "raw", MqttProtocolVersion.V311);

        await peer.SendAsync(Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal)));

        Assert.Null(await peer.ReceiveAsync());
    }

    [Theory]
    [InlineData("C0 00")]
    [InlineData("47 45 54 20 2F 20 48 54 54 50 2F 31 2E 31 0D 0A")]
    public async Task FirstPacket_NotConnect_ConnectionClosed(string hex)
    {
        await using var host = await MqttTestHost.StartAsync();
        using var peer = await RawMqttPeer.DialAsync(host.Port);

        await peer.SendAsync(Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal)));

        Assert.Null(await peer.ReceiveAsync());
    }

    [Fact]
    public async Task ProtocolLevel_Unknown_RefusedInTheOldForm()
    {
        await using var host = await MqttTestHost.StartAsync();
        using var peer = await RawMqttPeer.DialAsync(host.Port, MqttProtocolVersion.V311);

        await peer.SendAsync(Convert.FromHexString("100C00044D515454060200000000"));

        Assert.Equal(1, Assert.IsType<MqttConnAckPacket>(await peer.ReceiveAsync()).Code);
        Assert.Null(await peer.ReceiveAsync());
    }

    [Fact]
    public async Task Connect_ByteByByte_Accepted()
    {
        await using var host = await MqttTestHost.StartAsync();
        using var peer = await RawMqttPeer.DialAsync(host.Port);
        foreach (var value in Codec.NaiveEncoder.Encode(new MqttConnectPacket { ClientId = "slow" }, MqttProtocolVersion.V500))
        {
            await peer.SendAsync(value);
        }

        Assert.Equal(0, Assert.IsType<MqttConnAckPacket>(await peer.ReceiveAsync()).Code);
    }

    [Fact]
    public async Task Connect_NotInTime_Cut()
    {
        var clock = new ManualTimeProvider();
        await using var host = await MqttTestHost.StartAsync(o => o.WithDefaultCommunicationTimeout(TimeSpan.FromSeconds(5)), clock);
        using var peer = await RawMqttPeer.DialAsync(host.Port);
        await peer.SendAsync(0x10);
        using var cancel = new CancellationTokenSource();
        var advancing = AdvanceAsync(clock, cancel.Token);

        Assert.Null(await peer.ReceiveAsync());

        await cancel.CancelAsync();
        await advancing;
    }

    [Fact]
    public async Task KeepAlive_SilentClient_CutAfterOneAndAHalf()
    {
        var clock = new ManualTimeProvider();
        await using var host = await MqttTestHost.StartAsync(clock: clock);
        using var peer = await RawMqttPeer.ConnectAsync(host.Port, "raw", configure: c => c.KeepAliveSeconds = 10);
        clock.Advance(TimeSpan.FromSeconds(14.9));
        await peer.SendAsync(MqttPingPacket.Request);
        Assert.Equal(MqttPacketType.PingResp, (await peer.ReceiveAsync())!.Type);

        clock.Advance(TimeSpan.FromSeconds(16));

        Assert.Equal((byte)MqttDisconnectReasonCode.KeepAliveTimeout, Assert.IsType<MqttDisconnectPacket>(await peer.ReceiveAsync()).ReasonCode);
        Assert.Null(await peer.ReceiveAsync());
    }

    [Fact]
    public async Task ReceiveMaximum_Exceeded_DisconnectNamesReason()
    {
        await using var host = await MqttTestHost.StartAsync();
        var never = new TaskCompletionSource();
        host.Server.InterceptingPublishAsync += _ => never.Task;
        using var peer = await RawMqttPeer.ConnectAsync(host.Port, "raw");
        for (ushort id = 1; id <= 257; id++)
        {
            await peer.SendAsync(new MqttPublishPacket { Topic = "t", PacketIdentifier = id, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
        }

        Assert.Equal((byte)MqttDisconnectReasonCode.ReceiveMaximumExceeded, Assert.IsType<MqttDisconnectPacket>(await peer.ReceiveAsync()).ReasonCode);
        never.SetResult();
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500, MqttClientConnectResultCode.Banned)]
    [InlineData(MqttProtocolVersion.V311, MqttClientConnectResultCode.NotAuthorized)]
    public async Task ValidatingConnection_Refused_ClientSeesWhy(MqttProtocolVersion version, MqttClientConnectResultCode expected)
    {
        await using var host = await MqttTestHost.StartAsync();
        host.Server.ValidatingConnectionAsync += e =>
        {
            Assert.Equal(("user", "secret"), (e.UserName, e.Password));
            e.ReasonCode = MqttConnectReasonCode.Banned;
            return Task.CompletedTask;
        };
        var client = host.CreateClient();

        var result = await client.ConnectAsync(host.ClientOptions("c", version).WithCredentials("user", "secret").Build());

        Assert.Equal(expected, result.ResultCode);
        Assert.False(client.IsConnected);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task EmptyClientId_V5_GetsOneAssigned()
    {
        await using var host = await MqttTestHost.StartAsync();
        var client = host.CreateClient();

        var result = await client.ConnectAsync(host.ClientOptions(string.Empty).Build());

        Assert.NotEmpty(result.AssignedClientIdentifier!);
        Assert.Equal(result.AssignedClientIdentifier, (await host.Server.GetClientsAsync()).Single().Id);
    }

    [Fact]
    public async Task DisconnectClient_ByServer_ClientSeesReason()
    {
        await using var host = await MqttTestHost.StartAsync();
        var client = host.CreateClient();
        var disconnected = new TaskCompletionSource<MqttClientDisconnectedEventArgs>();
        client.DisconnectedAsync += e =>
        {
            disconnected.TrySetResult(e);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(host.ClientOptions("c").Build());

        await host.Server.DisconnectClientAsync("c", new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.AdministrativeAction, ReasonString = "maintenance" });

        var args = await disconnected.Task.WaitAsync(MqttTestHost.Patience);
        Assert.Equal((MqttClientDisconnectReason.AdministrativeAction, "maintenance"), (args.Reason, args.ReasonString));
        Assert.Empty(await host.Server.GetClientsAsync());
    }

    [Fact]
    public async Task InterceptingSubscription_Refused_ClientSeesReason()
    {
        await using var host = await MqttTestHost.StartAsync();
        host.Server.InterceptingSubscriptionAsync += e =>
        {
            e.Response.ReasonCode = e.TopicFilter.Topic.StartsWith("secret", StringComparison.Ordinal) ? MqttSubscribeReasonCode.NotAuthorized : e.Response.ReasonCode;
            return Task.CompletedTask;
        };
        var client = await host.ConnectAsync("c");

        var result = await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("secret/#").WithTopicFilter("open", MqttQualityOfServiceLevel.AtLeastOnce).Build());

        Assert.Equal([MqttClientSubscribeResultCode.NotAuthorized, MqttClientSubscribeResultCode.GrantedQoS1], result.Items.Select(i => i.ResultCode));
        Assert.Equal(
            [MqttClientUnsubscribeResultCode.NoSubscriptionExisted],
            (await client.UnsubscribeAsync("secret/#")).Items.Select(i => i.ResultCode));
    }

    [Fact]
    public async Task Tls_BothWays_MessagesPass()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await MqttTestHost.StartAsync(o => o
            .WithEncryptedEndpoint().WithEncryptedEndpointPort(0).WithEncryptedEndpointBoundIPAddress(IPAddress.Loopback).WithEncryptedEndpointBoundIPV6Address(IPAddress.None)
            .WithEncryptionCertificate(made.Export(X509ContentType.Pfx)));
        var client = host.CreateClient();
        var messages = MqttTestHost.Collect(client);
        var seen = string.Empty;
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("localhost", host.Options.TlsEndpointOptions.Port)
            .WithTlsOptions(t => t.WithCertificateValidationHandler(e =>
            {
                seen = e.Certificate!.Subject;
                return true;
            })).Build());
        await client.SubscribeAsync("t", MqttQualityOfServiceLevel.AtLeastOnce);
        var large = new byte[300_000];
        new Random(5).NextBytes(large);

        await client.PublishBinaryAsync("t", large, MqttQualityOfServiceLevel.AtLeastOnce);

        Assert.Equal(large, (await MqttTestHost.NextAsync(messages)).Payload.First.ToArray());
        Assert.Equal("CN=localhost", seen);
        await Assert.ThrowsAnyAsync<MQTTnet.Exceptions.MqttCommunicationException>(() => host.CreateClient().ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("localhost", host.Options.TlsEndpointOptions.Port).WithTlsOptions(t => t.WithRevocationMode(X509RevocationMode.NoCheck)).Build()));
    }

    [Fact]
    public async Task Client_NoServer_ThrowsCommunicationException()
    {
        int port;
        await using (var host = await MqttTestHost.StartAsync())
        {
            port = host.Port;
        }

        using var client = new MqttClientFactory().CreateMqttClient();
        await Assert.ThrowsAsync<MQTTnet.Exceptions.MqttCommunicationException>(() => client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build()));
        await Assert.ThrowsAsync<MQTTnet.Exceptions.MqttClientNotConnectedException>(() => client.PublishStringAsync("t", "x"));
    }

    [Fact]
    public async Task Client_CancelledWhileItWaitsForConnAck_TellsAFailedHandshake()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        using var client = new MqttClientFactory().CreateMqttClient();
        using var limit = new CancellationTokenSource();

        var connecting = client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port).Build(), limit.Token);
        using var peer = await silent.AcceptTcpClientAsync();
        await peer.GetStream().ReadExactlyAsync(new byte[2]);
        await limit.CancelAsync();

        await Assert.ThrowsAsync<MQTTnet.Adapter.MqttConnectingFailedException>(() => connecting.WaitAsync(MqttTestHost.Patience));
    }

    [Fact]
    public async Task Server_BoundToAllAddresses_AnswersOnIPv6Too()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "the machine has no IPv6");
        await using var host = await MqttTestHost.StartAsync(
            o => o.WithDefaultEndpointBoundIPAddress(System.Net.IPAddress.Any).WithDefaultEndpointBoundIPV6Address(System.Net.IPAddress.IPv6Any));

        var result = await host.CreateClient().ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("::1", host.Port).Build());

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
    }

    [Fact]
    public async Task ServerStops_PendingPublishFails()
    {
        var host = await MqttTestHost.StartAsync();
        var never = new TaskCompletionSource();
        host.Server.InterceptingPublishAsync += _ => never.Task;
        var client = await host.ConnectAsync("c");
        var publish = client.PublishStringAsync("t", "x", MqttQualityOfServiceLevel.AtLeastOnce);

        await host.Server.StopAsync();

        await Assert.ThrowsAsync<MQTTnet.Exceptions.MqttClientDisconnectedException>(() => publish.WaitAsync(MqttTestHost.Patience));
        Assert.False(client.IsConnected);
        never.SetResult();
        await host.DisposeAsync();
    }

    private static async Task AdvanceAsync(ManualTimeProvider clock, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, CancellationToken.None);
        }
    }
}
