using System.Collections.Concurrent;
using System.Threading.Channels;
using EcgStream.Core.Signals;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// The samples of one connection, from the reader to the gateway and, after the commit, back as acknowledgements in the order of the publishes
/// (MQTT 5.0, 4.6). The reader waits for no commit. One reader calls <see cref="SubmitAsync"/>.
/// </summary>
internal sealed class SampleFlow(
    IngestGateway gateway, IngestSource source, SampleChannel channel, EmbeddedBroker broker, int receiveMaximum) : IDisposable
{
    /// <summary>How long the answers of a connection that ends are waited for. The journal commits within 20 ms, unless its disk hangs.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly Channel<MqttPendingPublish> _unanswered = Channel.CreateUnbounded<MqttPendingPublish>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }); // bounded by the places and the receive maximum
    private readonly SemaphoreSlim _places = new(receiveMaximum, receiveMaximum);
    private readonly ConcurrentBag<MqttPendingPublish> _free = [];
    private readonly List<MqttPendingPublish> _answered = [];
    private readonly CancellationTokenSource _ending = new();
    private Task? _answering;

    /// <summary>
    /// Hands a publish over. It waits only where a peer sends more than may be unanswered: QoS 0, and MQTT 3.1.1, which has no receive maximum.
    /// </summary>
    /// <param name="publish">On a samples topic.</param>
    /// <param name="site">Of its topic.</param>
    /// <param name="device">Of its topic.</param>
    /// <param name="counted">Whether the receive maximum bounds it already.</param>
    public async ValueTask SubmitAsync(MqttPublishPacket publish, ReadOnlyMemory<char> site, ReadOnlyMemory<char> device, bool counted)
    {
        if (!counted)
        {
            await _places.WaitAsync(_ending.Token);
        }

        if (!_free.TryTake(out var pending))
        {
            pending = new MqttPendingPublish();
        }

        pending.Reset(publish.PacketIdentifier, publish.QualityOfServiceLevel, site, device, !counted);
        _unanswered.Writer.TryWrite(pending);
        _answering ??= Task.Run(AnswerAsync, CancellationToken.None);
        if (publish.Retain)
        {
            broker.CountRetained();
            pending.Refused(default, MqttRefusals.Retained(device.Span));
            return;
        }

        // Not awaited: while this chunk waits for its place, pings are answered; the gateway keeps the order.
        var submitting = gateway.SubmitAsync(source, publish.Payload, device, pending, _ending.Token);
        if (submitting.IsCompletedSuccessfully)
        {
            submitting.GetAwaiter().GetResult();
        }
        else
        {
            _ = FinishAsync(submitting, pending);
        }
    }

    /// <summary>Waits until everything is answered, or for a moment at most.</summary>
    public async Task DrainAsync()
    {
        _unanswered.Writer.TryComplete();
        if (_answering is { } answering)
        {
            await answering.WaitAsync(DrainTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _ending.CancelAsync();
    }

    public void Dispose() => _ending.Dispose();

    private static async Task FinishAsync(ValueTask submitting, MqttPendingPublish pending)
    {
        try
        {
            await submitting;
        }
        catch (OperationCanceledException)
        {
            pending.Abandon();
        }
    }

    private async Task AnswerAsync()
    {
        while (await _unanswered.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (_unanswered.Reader.TryPeek(out var next))
            {
                await next.Answered;
                await channel.WriteAnswersAsync(_unanswered.Reader, _answered);
                foreach (var answered in _answered)
                {
                    if (answered.Refusal is { } refusal)
                    {
                        await broker.TellRefusalAsync(answered, refusal);
                    }

                    if (answered.HoldsPlace)
                    {
                        _places.Release();
                    }

                    _free.Add(answered);
                }

                _answered.Clear();
            }
        }
    }
}
