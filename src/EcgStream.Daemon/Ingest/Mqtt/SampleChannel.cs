using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using EcgStream.Core.Signals;
using Microsoft.AspNetCore.Connections;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.AspNetCore;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// One connection of the embedded broker, around MQTTnet's own adapter: what comes on a samples topic goes to the gateway and is acknowledged here after
/// its commit, everything else passes to MQTTnet. MQTTnet's server awaits the handler of a publish inside its read loop, so that each publish would wait
/// for the commit of the one before it. One reader; any thread may send.
/// </summary>
internal sealed class SampleChannel : IMqttChannelAdapter
{
    /// <summary>MQTTnet sees no samples, and ends a connection on which it sees nothing for one and a half keep-alive periods of a second or more.</summary>
    private static readonly TimeSpan SignOfLife = TimeSpan.FromMilliseconds(500);

    private readonly MqttConnectionContext _inner;
    private readonly ConnectionContext _connection;
    private readonly EmbeddedBroker _broker;
    private readonly MqttIngestOptions _options;
    private readonly TimeProvider _clock;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly MqttPubAckPacket _unknown = new(); // acknowledges nothing: 0 is no packet identifier
    private MqttPeer? _peer;
    private SampleFlow? _flow;
    private MqttCut? _cut;
    private bool _broken;
    private long _lastPassed;

    public SampleChannel(ConnectionContext connection, EmbeddedBroker broker, MqttIngestOptions options, TimeProvider clock)
    {
        PacketFormatterAdapter = new MqttPacketFormatterAdapter(new MqttBufferWriter(256, 65535));
        _inner = new MqttConnectionContext(PacketFormatterAdapter, connection);
        (_connection, _broker, _options, _clock) = (connection, broker, options, clock);
        (_input, _output) = (connection.Transport.Input, connection.Transport.Output);
        _lastPassed = clock.GetTimestamp();
    }

    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; }

    public long BytesReceived { get; private set; }

    public long BytesSent => _inner.BytesSent;

    public X509Certificate2? ClientCertificate => _inner.ClientCertificate;

    public EndPoint? RemoteEndPoint => _inner.RemoteEndPoint;

    public EndPoint? LocalEndPoint => _inner.LocalEndPoint;

    public bool IsSecureConnection => _inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the connection once its reader sees it; MQTT 5 clients are told why.</summary>
    public void Cut(MqttCut cut)
    {
        if (Interlocked.CompareExchange(ref _cut, cut, null) is null)
        {
            _input.CancelPendingRead();
        }
    }

    public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var read = await _input.ReadAsync(cancellationToken);
                if (read.IsCanceled && _cut is { } cut)
                {
                    _input.AdvanceTo(read.Buffer.Start);
                    throw new MqttCutException(cut);
                }

                if (await TakeAsync(read.Buffer) is { } packet)
                {
                    _lastPassed = _clock.GetTimestamp();
                    return packet;
                }

                if (read.IsCompleted)
                {
                    throw new MqttCommunicationException("The client closed the connection.");
                }

                if (_flow is not null && _clock.GetElapsedTime(_lastPassed) > SignOfLife)
                {
                    _lastPassed = _clock.GetTimestamp();
                    return _unknown;
                }
            }
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or IOException or MqttCommunicationException))
        {
            // Whatever MQTTnet's decoder throws at, the packet is malformed: it has faults for some of the ways and runs out of the buffer in others.
            var cut = fault is MqttCutException known ? known.Cut
                : new MqttCut(fault is MqttProtocolViolationException ? MqttDisconnectReasonCode.ProtocolError : MqttDisconnectReasonCode.MalformedPacket, fault.Message);
            await SayGoodbyeAsync(cut);
            throw new MqttCommunicationException(cut.Message, fault);
        }
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (_peer?.Prepare(packet) == false)
        {
            _broker.CountTooLargeForClient();
            return;
        }

        await _writing.WaitAsync(cancellationToken);
        try
        {
            var sending = _inner.SendPacketAsync(packet, cancellationToken);
            if (!sending.IsCompletedSuccessfully)
            {
                await sending.WaitAsync(_options.SendTimeout, _clock, cancellationToken);
            }
        }
        catch (TimeoutException)
        {
            AbortSlowReader();
            throw new MqttCommunicationException("The client does not read.");
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Acknowledges what is answered at the head of the queue, in one write, and moves it to <paramref name="answered"/>.</summary>
    public async ValueTask WriteAnswersAsync(ChannelReader<MqttPendingPublish> unanswered, List<MqttPendingPublish> answered)
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            while (unanswered.TryPeek(out var next) && next.IsAnswered && unanswered.TryRead(out _))
            {
                answered.Add(next);
                WriteAnswer(next);
            }

            if (!_broken)
            {
                var flushing = _output.FlushAsync(CancellationToken.None);
                var flushed = flushing.IsCompletedSuccessfully ? flushing.Result : await flushing.AsTask().WaitAsync(_options.SendTimeout, _clock);
                _broken = flushed.IsCompleted;
            }
        }
        catch (TimeoutException)
        {
            AbortSlowReader();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or OperationCanceledException or ConnectionAbortedException)
        {
            _broken = true; // the client has gone; it sends again what was not acknowledged
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        if (_flow is { } flow)
        {
            await flow.DrainAsync();
        }

        await _inner.DisconnectAsync(cancellationToken);
    }

    public void ResetStatistics() => _inner.ResetStatistics();

    public void Dispose()
    {
        _flow?.Dispose();
        _inner.Dispose();
    }

    /// <returns>The first packet that is MQTTnet's; null once the rest of the buffer has no whole packet.</returns>
    private async ValueTask<MqttPacket?> TakeAsync(ReadOnlySequence<byte> buffer)
    {
        var (consumed, examined) = (buffer.Start, buffer.End);
        try
        {
            while (TryDecode(ref buffer, out var packet))
            {
                consumed = buffer.Start;
                if (await DivertAsync(packet))
                {
                    continue;
                }

                examined = consumed;
                return packet;
            }

            return null;
        }
        finally
        {
            _input.AdvanceTo(consumed, examined);
        }
    }

    private bool TryDecode(ref ReadOnlySequence<byte> buffer, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MqttPacket? packet)
    {
        packet = null;
        if (MqttFixedHeader.PacketLength(buffer) is { } length && length > _options.MaxPacketBytes)
        {
            throw new MqttCutException(new MqttCut(
                MqttDisconnectReasonCode.PacketTooLarge, FormattableString.Invariant($"A packet of {length} bytes; at most {_options.MaxPacketBytes} are taken.")));
        }

        if (!PacketFormatterAdapter.TryDecode(buffer, out packet, out var consumed, out _, out var received))
        {
            return false;
        }

        BytesReceived += received;
        buffer = buffer.Slice(consumed);
        return true;
    }

    /// <returns>True where the packet goes to the gateway and not to MQTTnet.</returns>
    private async ValueTask<bool> DivertAsync(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttConnectPacket connect when _peer is null:
                _peer = new MqttPeer(connect, PacketFormatterAdapter.ProtocolVersion, _options);
                return false;
            case MqttPublishPacket publish when _peer is { } peer:
                peer.Receive(publish);
                if (!MqttTopics.TryParseSamples(publish.Topic, out var site, out var device))
                {
                    return false;
                }

                _flow ??= _broker.OpenFlow(peer.ClientId, this);
                await _flow.SubmitAsync(publish, site, device, peer.Counts(publish.QualityOfServiceLevel));
                return true;
            default:
                return false;
        }
    }

    private void WriteAnswer(MqttPendingPublish answered)
    {
        if (answered is { Abandoned: true } or { Refusal.Reason: RefusalReason.Storage })
        {
            // Without an acknowledgement the device keeps the chunk, also in MQTT 3.1.1, whose PUBACK cannot refuse.
            _broken = true;
            Cut(new MqttCut(MqttDisconnectReasonCode.UnspecifiedError, answered.Refusal?.Message ?? "The connection ends."));
        }

        if (_broken || answered.Qos == MqttQualityOfServiceLevel.AtMostOnce)
        {
            return;
        }

        if (_peer!.ToPacket(answered) is { } refusing)
        {
            _output.Write(PacketFormatterAdapter.Encode(refusing).Packet);
            PacketFormatterAdapter.Cleanup();
            return;
        }

        var bytes = _output.GetSpan(4);
        bytes[0] = answered.Qos == MqttQualityOfServiceLevel.AtLeastOnce ? (byte)0x40 : (byte)0x50;
        bytes[1] = 2;
        bytes[2] = (byte)(answered.PacketId >> 8);
        bytes[3] = (byte)answered.PacketId;
        _output.Advance(4);
    }

    private async Task SayGoodbyeAsync(MqttCut cut)
    {
        _broker.CountCut(cut.Reason.ToString());
        if (_peer is not { IsAccepted: true, IsVersion5: true })
        {
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);
        try
        {
            await SendPacketAsync(new MqttDisconnectPacket { ReasonCode = cut.Reason, ReasonString = _peer.Tellable(cut.Message) }, limit.Token);

            // What is still on its way is read and dropped: a socket that is closed before resets the connection, and the client may lose the word.
            for (var left = default(ReadResult); !left.IsCompleted; _input.AdvanceTo(left.Buffer.End))
            {
                left = await _input.ReadAsync(limit.Token);
            }
        }
        catch (Exception gone) when (gone is MqttCommunicationException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // It is cut off anyway.
        }
    }

    private void AbortSlowReader()
    {
        _broken = true;
        _broker.CountCut("SlowReader");
        _connection.Abort(new ConnectionAbortedException("The client does not read what it is sent."));
    }
}
