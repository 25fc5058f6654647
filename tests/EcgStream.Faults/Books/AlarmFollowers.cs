using System.Buffers;
using EcgStream.Client.Streaming;
using EcgStream.Client.Subscriptions;
using EcgStream.Protocol.V1;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EcgStream.Faults.Books;

/// <summary>Two clinicians' programs: one over gRPC and one over MQTT, both come back after every break. Each keeps the cursors in the order in which they came.</summary>
internal sealed class AlarmFollowers : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<ulong> _grpc = [];
    private readonly List<ulong> _mqtt = [];
    private readonly Task _grpcReading;
    private readonly Task _mqttReading;

    public AlarmFollowers(string host, int grpcPort, string mqttHost, int mqttPort)
    {
        _grpcReading = Task.Run(() => FollowGrpcAsync(host, grpcPort));
        _mqttReading = Task.Run(() => FollowMqttAsync(mqttHost, mqttPort));
    }

    public List<ulong> Grpc => Copy(_grpc);

    public List<ulong> Mqtt => Copy(_mqtt);

    /// <summary>Why one of them has ended; null while they follow.</summary>
    public string? Fault => (_grpcReading.Exception ?? _mqttReading.Exception)?.InnerException?.Message;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_grpcReading, _mqttReading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private static List<ulong> Copy(List<ulong> cursors)
    {
        lock (cursors)
        {
            return [.. cursors];
        }
    }

    private static void Add(List<ulong> cursors, ulong cursor)
    {
        lock (cursors)
        {
            cursors.Add(cursor);
        }
    }

    private async Task FollowGrpcAsync(string host, int port)
    {
        using var channel = GrpcChannels.Open(new StreamEndpoint(StreamTransport.Grpc, host, port));
        var subscription = new AlertSubscription(channel, 0, [], AlarmPriority.Unspecified, null, TimeProvider.System);
        await foreach (var transition in subscription.ReadAsync(_ending.Token))
        {
            Add(_grpc, transition.Cursor);
        }
    }

    private async Task FollowMqttAsync(string host, int port)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer(host, port).WithClientId("ward-display").WithProtocolVersion(MqttProtocolVersion.V500)
            .WithCleanStart(false).WithSessionExpiryInterval(86_400).WithKeepAlivePeriod(TimeSpan.FromSeconds(5)).WithTimeout(TimeSpan.FromSeconds(5)).Build();
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var client = new MqttClientFactory().CreateMqttClient();
                var broken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                client.DisconnectedAsync += _ => Task.FromResult(broken.TrySetResult());
                client.ApplicationMessageReceivedAsync += received =>
                {
                    Add(_mqtt, AlarmEvent.Parser.ParseFrom(received.ApplicationMessage.Payload.ToArray()).Cursor);
                    return Task.CompletedTask;
                };
                await client.ConnectAsync(options, _ending.Token);
                await client.SubscribeAsync("ecg/v1/+/+/alarms", MqttQualityOfServiceLevel.AtLeastOnce, _ending.Token);
                await broken.Task.WaitAsync(_ending.Token);
            }
            catch (Exception) when (!_ending.IsCancellationRequested)
            {
                // The broker is away; it comes back.
            }

            await Task.Delay(200, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
