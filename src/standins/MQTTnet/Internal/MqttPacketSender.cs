using System.Buffers;
using System.IO.Pipelines;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace MQTTnet.Internal;

/// <summary>
/// The writing half of one connection, for any number of threads. Writes only fill the pipe; <see cref="Flush"/> lets them go, so a
/// caller that has several packets pays for one wake-up. The pipe grows without bound while nobody looks at <see cref="IsCongested"/>:
/// a producer that is not bounded by something else must wait for <see cref="WaitUntilDrainedAsync"/>.
/// </summary>
internal sealed class MqttPacketSender(PipeWriter output)
{
    private readonly Lock _gate = new();
    private bool _hasUnflushed;
    private bool _isFlushing;
    private bool _isClosed;
    private TaskCompletionSource? _drained;

    public MqttProtocolVersion Version { get; set; } = MqttProtocolVersion.V500;

    public long BytesSent { get; private set; }

    public long PacketsSent { get; private set; }

    /// <summary>The peer takes data more slowly than it is produced.</summary>
    public bool IsCongested => Volatile.Read(ref _isFlushing);

    public void Write(MqttPacket packet)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                Count(MqttPacketEncoder.Write(output, packet, Version));
            }
        }
    }

    public void WriteAck(MqttPacketType type, ushort id, byte reason, MqttProperties? properties = null)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                Count(MqttPacketEncoder.WriteAck(output, Version, type, id, reason, properties));
            }
        }
    }

    public void WritePublish(in MqttPublishHeader header, in ReadOnlySequence<byte> payload)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                Count(MqttPacketEncoder.WritePublish(output, Version, header, payload));
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            if (_hasUnflushed && !_isFlushing && !_isClosed)
            {
                StartFlush();
            }
        }
    }

    public ValueTask WaitUntilDrainedAsync()
    {
        lock (_gate)
        {
            if (!_isFlushing)
            {
                return ValueTask.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_drained.Task);
        }
    }

    /// <summary>Sends what is written and ends the stream; later writes are dropped.</summary>
    public async ValueTask CompleteAsync()
    {
        Flush();
        lock (_gate)
        {
            _isClosed = true;
        }

        await WaitUntilDrainedAsync().ConfigureAwait(false);
        await output.CompleteAsync().ConfigureAwait(false);
    }

    private void Count(int bytes)
    {
        BytesSent += bytes;
        PacketsSent++;
        _hasUnflushed = true;
    }

    // Under _gate.
    private void StartFlush()
    {
        _hasUnflushed = false;
        var flush = output.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            _isClosed |= flush.GetAwaiter().GetResult().IsCompleted;
            return;
        }

        _isFlushing = true;
        _ = AwaitFlushAsync(flush);
    }

    private async Task AwaitFlushAsync(ValueTask<FlushResult> flush)
    {
        while (true)
        {
            var ended = true;
            try
            {
                ended = (await flush.ConfigureAwait(false)).IsCompleted;
            }
            catch (Exception)
            {
                // The reading half of the connection sees the same failure and reports it.
            }

            lock (_gate)
            {
                _isClosed |= ended;
                if (_hasUnflushed && !_isClosed)
                {
                    _hasUnflushed = false;
                    flush = output.FlushAsync();
                    continue;
                }

                _isFlushing = false;
                _drained?.TrySetResult();
                _drained = null;
                return;
            }
        }
    }
}
