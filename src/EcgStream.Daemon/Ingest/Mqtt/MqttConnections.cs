using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>Takes Kestrel's connections, over TCP and WebSockets, to the embedded broker.</summary>
internal sealed class MqttConnections(Lazy<EmbeddedBroker> broker, IOptions<MqttIngestOptions> options, TimeProvider clock) : ConnectionHandler, IMqttServerAdapter
{
    /// <summary>Connections beyond the limit that may be told so by a CONNACK at the same time; further ones are closed at once.</summary>
    private const int TurnedAwayPolitely = 256;

    private int _open;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > options.Value.MaxConnections + TurnedAwayPolitely || ClientHandler is not { } serve)
            {
                broker.Value.CountCut("TooManyConnections");
                return;
            }

            if (connection.Features.Get<ITransferFormatFeature>() is { } format)
            {
                format.ActiveFormat = TransferFormat.Binary;
            }

            using var channel = new SampleChannel(connection, broker.Value, options.Value, clock);
            await using var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(
                () => channel.Cut(new MqttCut(MqttDisconnectReasonCode.ServerShuttingDown, "The daemon is stopping; connect again."))) ?? default;
            await serve(channel);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => Task.CompletedTask;

    public Task StopAsync() => Task.CompletedTask;

    public void Dispose()
    {
    }
}
