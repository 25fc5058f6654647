using System.Buffers;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EcgStream.Client.Streaming;

/// <summary>
/// A device that publishes to <c>ecg/v1/{site}/{device}/samples</c> with QoS 1, many at a time. The daemon's own broker answers a publish
/// after the journal's commit and says in it (MQTT 5) when a chunk was refused; behind an external broker the answer only says
/// that the broker has the chunk, and a refusal comes on <c>ecg/v1/{site}/{device}/refusals</c>. Both are listened to.
/// </summary>
public sealed class MqttDeviceStream : ReconnectingStream
{
    private const int RememberedRefusals = 1024;

    /// <summary>MQTTnet sets no limit to a call that can be cancelled, so each gets this one here.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly MqttClientOptions _clientOptions;
    private readonly string _samplesTopic;
    private readonly string _refusalsTopic;
    private readonly string _deviceId;
    private readonly Queue<ChunkKey> _refused = new();
    private readonly MqttClientFactory _factory = new();
    private volatile bool _daemonIsBroker;

    /// <param name="host">The broker.</param>
    /// <param name="port">Its port.</param>
    /// <param name="deviceId">Of every chunk that will be sent.</param>
    public MqttDeviceStream(string host, int port, string deviceId, DeviceStreamOptions options, TimeProvider clock)
        : base(options, clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        _deviceId = deviceId;
        Peer = FormattableString.Invariant($"mqtt://{host}:{port}");
        _samplesTopic = $"ecg/v1/{options.Site}/{deviceId}/samples";
        _refusalsTopic = $"ecg/v1/{options.Site}/{deviceId}/refusals";
        _clientOptions = new MqttClientOptionsBuilder()
            .WithTcpServer(host, port)
            .WithClientId($"ecg-{options.Site}-{deviceId}")
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithCleanStart()
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(15))
            .WithTimeout(AnswerTimeout)
            .Build();
    }

    private protected override string Peer { get; }

    private protected override async Task RunConnectionAsync(CancellationToken cancellation)
    {
        using var client = _factory.CreateMqttClient();
        var broken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ApplicationMessageReceivedAsync += received => OnRefusalAsync(received, broken);
        client.DisconnectedAsync += ended =>
        {
            broken.TrySetException(ended.Exception ?? new IOException($"the broker ended the connection ({ended.ReasonString ?? ended.Reason.ToString()})"));
            return Task.CompletedTask;
        };
        var connected = await ConnectAsync(client, cancellation);
        if (connected.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new MqttRejectedException(connected.ResultCode, connected.ReasonString);
        }

        await client.SubscribeAsync(_refusalsTopic, MqttQualityOfServiceLevel.AtLeastOnce, cancellation).WaitAsync(AnswerTimeout, Clock, cancellation);
        Connected();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // MQTT 5.0, 4.9: a broker cuts off whoever goes beyond its receive maximum, and MQTTnet leaves it to its user to stay below.
        var room = new SemaphoreSlim(connected.ReceiveMaximum is { } limit and > 0 ? limit : ushort.MaxValue);
        var publishing = PublishAllAsync(client, room, broken, ending.Token);
        await Task.WhenAny(publishing, broken.Task);
        await ending.CancelAsync();
        await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Window.Drained.IsCompleted)
        {
            cancellation.ThrowIfCancellationRequested();
            await broken.Task;
        }

        broken.TrySetCanceled(CancellationToken.None);
        await LingerAsync(client, cancellation);
    }

    private protected override bool IsPermanent(Exception error) => error is MqttRejectedException
    {
        Code: MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized or MqttClientConnectResultCode.Banned
            or MqttClientConnectResultCode.ClientIdentifierNotValid or MqttClientConnectResultCode.UnsupportedProtocolVersion
            or MqttClientConnectResultCode.BadAuthenticationMethod,
    };

    private async Task<MqttClientConnectResult> ConnectAsync(IMqttClient client, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout, Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await client.ConnectAsync(_clientOptions, either.Token);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // MQTTnet tells a cancellation before the connection is there as one, and after it as a failed authentication.
            throw new TimeoutException(FormattableString.Invariant($"no answer to CONNECT within {AnswerTimeout.TotalSeconds} s"));
        }
    }

    private async Task PublishAllAsync(IMqttClient client, SemaphoreSlim room, TaskCompletionSource broken, CancellationToken cancellation)
    {
        while (!Window.Drained.IsCompleted)
        {
            await room.WaitAsync(cancellation);
            if (Window.TryTake(out var next))
            {
                // Not awaited: room and window bound how many are under way. The client writes them in the order of these calls.
                Window.CountSent(next);
                _ = PublishAsync(client, next.Chunk, room, broken, cancellation);
                continue;
            }

            room.Release();
            await Window.WaitForWorkAsync(cancellation);
        }
    }

    private async Task PublishAsync(IMqttClient client, SampleChunk chunk, SemaphoreSlim room, TaskCompletionSource broken, CancellationToken cancellation)
    {
        try
        {
            var message = new MqttApplicationMessage
            {
                Topic = _samplesTopic,
                Payload = new ReadOnlySequence<byte>(chunk.ToByteArray()),
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            };
            var result = await client.PublishAsync(message, cancellation).WaitAsync(AnswerTimeout, Clock, cancellation);
            Answer(chunk, result);
        }
        catch (Exception error)
        {
            broken.TrySetException(error);
        }
        finally
        {
            room.Release();
        }
    }

    private void Answer(SampleChunk chunk, MqttClientPublishResult result)
    {
        var ack = new ChunkAck { DeviceId = _deviceId, SessionId = chunk.SessionId, Sequence = chunk.Sequence, Status = AckStatus.Accepted };
        if (!result.IsSuccess)
        {
            ack.Status = AckStatus.Refused;
            ack.Refusal = new Refusal
            {
                Reason = ReasonOf(result.ReasonCode, chunk),
                Message = string.IsNullOrEmpty(result.ReasonString) ? $"refused by the broker: {result.ReasonCode}" : result.ReasonString,
            };
            _daemonIsBroker = true;
            if (IsTemporary(ack))
            {
                throw new ChunkNotTakenException(ack.Refusal);
            }

            if (!Remember(ChunkKey.Of(ack)))
            {
                return;
            }
        }

        Answer(ack);
    }

    /// <summary>The full reason is in the refusal's own message; here only whether to send again matters.</summary>
    private RefusalReason ReasonOf(MqttClientPublishReasonCode code, SampleChunk chunk) => code switch
    {
        MqttClientPublishReasonCode.QuotaExceeded => RefusalReason.Overloaded,
        MqttClientPublishReasonCode.UnspecifiedError => RefusalReason.Storage,

        // Said of a second writer and of a chunk on another device's topic.
        MqttClientPublishReasonCode.NotAuthorized when chunk.DeviceId == _deviceId => RefusalReason.SecondWriter,
        _ => RefusalReason.Unspecified,
    };

    private Task OnRefusalAsync(MqttApplicationMessageReceivedEventArgs received, TaskCompletionSource broken)
    {
        if (received.ApplicationMessage.Topic != _refusalsTopic)
        {
            return Task.CompletedTask;
        }

        ChunkAck refused;
        try
        {
            refused = ChunkAck.Parser.ParseFrom(received.ApplicationMessage.Payload);
        }
        catch (InvalidProtocolBufferException)
        {
            // Anybody may publish at an external broker; what is no refusal changes nothing.
            return Task.CompletedTask;
        }

        if (IsTemporary(refused))
        {
            if (Window.Holds(ChunkKey.Of(refused)))
            {
                broken.TrySetException(new ChunkNotTakenException(refused.Refusal));
                return Task.CompletedTask;
            }

            if (_daemonIsBroker)
            {
                // From before the chunk was sent again: then it was taken.
                return Task.CompletedTask;
            }
        }

        // Behind an external broker that has answered already, the chunk is gone, whatever the reason.
        if (refused.Status == AckStatus.Refused && Remember(ChunkKey.Of(refused)) && !Window.Resolve(ChunkKey.Of(refused), AckStatus.Refused, refused.Refusal))
        {
            Window.Revoke(refused.Refusal);
        }

        return Task.CompletedTask;
    }

    /// <summary>False when this chunk's refusal has been counted: it is told twice, in the answer and on its topic.</summary>
    private bool Remember(ChunkKey key)
    {
        lock (_gate)
        {
            if (_refused.Contains(key))
            {
                return false;
            }

            _refused.Enqueue(key);
            if (_refused.Count > RememberedRefusals)
            {
                _refused.Dequeue();
            }

            return true;
        }
    }

    /// <summary>Refusals behind an external broker come after its answers: the connection stays until the stream is disposed.</summary>
    private static async Task LingerAsync(IMqttClient client, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await client.TryDisconnectAsync();
    }
}
