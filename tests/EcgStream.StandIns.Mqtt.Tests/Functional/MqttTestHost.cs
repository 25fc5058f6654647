using System.Net;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

/// <summary>A server on a free loopback port with the clients of one test; errors that the server logs fail the test at the end.</summary>
internal sealed class MqttTestHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly MqttNetEventLogger _logger = new();
    private readonly List<IMqttClient> _clients = [];

    private MqttTestHost(Action<MqttServerOptionsBuilder>? configure, TimeProvider? clock)
    {
        _logger.LogMessagePublished += (_, e) =>
        {
            if (e.LogMessage.Level == MqttNetLogLevel.Error)
            {
                lock (Errors)
                {
                    Errors.Add($"{e.LogMessage.Message} {e.LogMessage.Exception}");
                }
            }
        };
        var builder = new MqttServerFactory().CreateServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(0);
        configure?.Invoke(builder);
        Options = builder.Build();
        Server = clock is null ? new MqttServerFactory(_logger).CreateMqttServer(Options) : new MqttServer(Options, _logger, clock);
    }

    public MqttServerOptions Options { get; }

    public MqttServer Server { get; }

    public int Port => Options.DefaultEndpointOptions.Port;

    public List<string> Errors { get; } = [];

    public static async Task<MqttTestHost> StartAsync(Action<MqttServerOptionsBuilder>? configure = null, TimeProvider? clock = null)
    {
        var host = new MqttTestHost(configure, clock);
        await host.Server.StartAsync();
        return host;
    }

    public IMqttClient CreateClient()
    {
        var client = new MqttClientFactory().CreateMqttClient();
        _clients.Add(client);
        return client;
    }

    public MqttClientOptionsBuilder ClientOptions(string id, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port).WithClientId(id).WithProtocolVersion(version).WithTimeout(Patience);

    public async Task<IMqttClient> ConnectAsync(string id, MqttProtocolVersion version = MqttProtocolVersion.V500, Action<MqttClientOptionsBuilder>? configure = null)
    {
        var client = CreateClient();
        var options = ClientOptions(id, version);
        configure?.Invoke(options);
        var result = await client.ConnectAsync(options.Build());
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        return client;
    }

    /// <summary>All messages that the client receives from now on.</summary>
    public static ChannelReader<MqttApplicationMessage> Collect(IMqttClient client)
    {
        var channel = Channel.CreateUnbounded<MqttApplicationMessage>();
        client.ApplicationMessageReceivedAsync += e =>
        {
            channel.Writer.TryWrite(e.ApplicationMessage);
            return Task.CompletedTask;
        };
        return channel.Reader;
    }

    public static async Task<MqttApplicationMessage> NextAsync(ChannelReader<MqttApplicationMessage> messages)
    {
        using var timeout = new CancellationTokenSource(Patience);
        return await messages.ReadAsync(timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await Server.StopAsync();
        Server.Dispose();
    }
}
