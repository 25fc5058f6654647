using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>
/// The publishes of one connection whose handlers have been started, in order of arrival. The read loop adds and starts the next handler
/// at once; messages are handed on and acknowledged strictly from the front as their handlers complete. Bounded by <see cref="MqttServerLimits.PublishLine"/>.
/// Dispatch is single: either the read loop (the line is empty and the handler already done) or the one draining work item.
/// </summary>
internal sealed class MqttPublishLine(MqttServer server, MqttConnection connection) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<MqttPendingPublish> _line = new();
    private Action? _onFrontCompleted;
    private TaskCompletionSource? _room;

    /// <summary>Completes at once unless the line is full; then when there is room again.</summary>
    public ValueTask AddAsync(MqttPendingPublish publish)
    {
        lock (_gate)
        {
            if (_line.Count > 0 || !publish.Work.IsCompleted)
            {
                _line.Enqueue(publish);
                if (_line.Count == 1)
                {
                    AwaitFront();
                }

                if (_line.Count < MqttServerLimits.PublishLine)
                {
                    return ValueTask.CompletedTask;
                }

                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask(_room.Task);
            }
        }

        // The line is empty and only the read loop, which is here, adds to it.
        Finish(publish);
        return ValueTask.CompletedTask;
    }

    /// <summary>The connection closes: whoever waits for room goes on and finds out.</summary>
    public void ReleaseReader()
    {
        lock (_gate)
        {
            _room?.TrySetResult();
            _room = null;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            MqttPendingPublish front;
            lock (_gate)
            {
                if (!_line.TryPeek(out front!))
                {
                    break;
                }

                if (!front.Work.IsCompleted)
                {
                    AwaitFront();
                    break;
                }
            }

            Finish(front);
            TaskCompletionSource? room = null;
            lock (_gate)
            {
                // Only now: while it stands in the line the read loop queues behind it instead of overtaking.
                _line.Dequeue();
                if (_room is not null && _line.Count <= MqttServerLimits.PublishLine / 2)
                {
                    (room, _room) = (_room, null);
                }
            }

            room?.TrySetResult();
        }

        connection.Sender.Flush();
    }

    // Under _gate. The continuation only queues work: whoever completed the handler's task is not made to send our packets.
    private void AwaitFront()
    {
        _onFrontCompleted ??= () => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        _line.Peek().Work.GetAwaiter().UnsafeOnCompleted(_onFrontCompleted);
    }

    private void Finish(MqttPendingPublish publish)
    {
        try
        {
            if (publish.IsDuplicate)
            {
                // Its first copy stood before it in this line or in that of an earlier connection.
                Answer(publish, publish.ReasonCode ?? (publish.Work.IsCompletedSuccessfully ? (byte)0 : (byte)0x83));
                return;
            }

            if (!publish.Work.IsCompletedSuccessfully)
            {
                server.Log.Error("A handler of InterceptingPublishAsync failed; the publish is not acknowledged as accepted.", publish.Work.Exception);
                Reject(publish);
                return;
            }

            if (publish.Args?.CloseConnection == true)
            {
                // Not acknowledged: the client keeps the message and sends it again when it comes back.
                connection.Session.ReceivedQoS2.TryRemove(publish.PacketIdentifier, out _);
                connection.Close((byte)MqttDisconnectReasonCode.AdministrativeAction);
                return;
            }

            var message = publish.Args is null ? publish.Message : publish.Args.ApplicationMessage;
            var reason = (byte)(publish.Args?.Response.ReasonCode ?? MqttPubAckReasonCode.Success);
            if (message is not null && publish.Args?.ProcessPublish != false)
            {
                var outcome = server.Dispatch(connection.Session.Id, message);
                reason = reason == 0 ? (byte)outcome : reason;
            }

            Answer(publish, reason);
        }
        catch (Exception exception)
        {
            server.Log.Error("Handing a publish on failed.", exception);
            Reject(publish);
        }
    }

    private void Reject(MqttPendingPublish publish)
    {
        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
        {
            return;
        }

        if (connection.IsV5)
        {
            Answer(publish, (byte)MqttPubAckReasonCode.ImplementationSpecificError);
            return;
        }

        // Before MQTT 5.0 there is no negative answer: no answer and a cut make the client send it again.
        connection.Session.ReceivedQoS2.TryRemove(publish.PacketIdentifier, out _);
        connection.Close((byte)MqttDisconnectReasonCode.ImplementationSpecificError);
    }

    private void Answer(MqttPendingPublish publish, byte reason)
    {
        publish.ReasonCode = reason;
        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
        {
            return;
        }

        var type = MqttPacketType.PubAck;
        var isFinished = true;
        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce)
        {
            type = MqttPacketType.PubRec;

            // A duplicate took no place of its own, and its identifier may by now be that of a new message.
            isFinished = reason >= 0x80 && !publish.IsDuplicate;
            if (isFinished)
            {
                connection.Session.ReceivedQoS2.TryRemove(publish.PacketIdentifier, out _);
            }
        }

        var response = publish.Args?.Response;
        var properties = response is null ? null : MqttExplanation.For(connection.Connect, response.ReasonString, response.UserProperties);
        connection.Sender.WriteAck(type, publish.PacketIdentifier, reason, properties);
        if (isFinished)
        {
            connection.OnPublishFinished();
        }
    }
}
