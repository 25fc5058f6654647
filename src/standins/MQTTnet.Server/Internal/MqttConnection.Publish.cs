using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>Messages from the client, and its acknowledgements of messages to it.</summary>
internal sealed partial class MqttConnection
{
    // QoS 1 and 2 publishes that the client still waits on; it may not have more than it was told in CONNACK.
    private int _unfinishedPublishes;

    public void OnPublishFinished() => Interlocked.Decrement(ref _unfinishedPublishes);

    private ValueTask HandlePublish(MqttPublishPacket packet)
    {
        if (IsV5 && !TryResolveAlias(packet))
        {
            return ValueTask.CompletedTask;
        }

        if (packet.Properties?.SubscriptionIdentifiers is not null)
        {
            Close((byte)MqttDisconnectReasonCode.ProtocolError, "A client must not send subscription identifiers.");
            return ValueTask.CompletedTask;
        }

        var qos = packet.QualityOfServiceLevel;
        MqttPendingPublish? earlier = null;
        var isKnown = qos == MqttQualityOfServiceLevel.ExactlyOnce && Session.ReceivedQoS2.TryGetValue(packet.PacketIdentifier, out earlier);
        if (qos != MqttQualityOfServiceLevel.AtMostOnce && !isKnown && Interlocked.Increment(ref _unfinishedPublishes) > MqttServerLimits.ReceiveMaximum && IsV5)
        {
            Close((byte)MqttDisconnectReasonCode.ReceiveMaximumExceeded, $"More than {MqttServerLimits.ReceiveMaximum} publishes are unacknowledged.");
            return ValueTask.CompletedTask;
        }

        var message = packet.ToMessage();
        message.TopicAlias = 0;
        if (isKnown)
        {
            return _line.AddAsync(new MqttPendingPublish(message, null, earlier!.Work, packet.PacketIdentifier) { IsDuplicate = true, ReasonCode = earlier.ReasonCode });
        }

        InterceptingPublishEventArgs? args = null;
        var work = Task.CompletedTask;
        if (_server.InterceptingPublishEvent.HasHandlers)
        {
            args = new InterceptingPublishEventArgs(message, Session.Id, Connect.Username, Session.Items, Ended);
            work = _server.InterceptingPublishEvent.InvokeAsync(args);
        }

        var pending = new MqttPendingPublish(message, args, work, packet.PacketIdentifier);
        if (qos == MqttQualityOfServiceLevel.ExactlyOnce)
        {
            Session.ReceivedQoS2[packet.PacketIdentifier] = pending;
        }

        return _line.AddAsync(pending);
    }

    private bool TryResolveAlias(MqttPublishPacket packet)
    {
        if (packet.Properties?.TopicAlias is not { } alias)
        {
            return true;
        }

        if (alias > MqttServerLimits.TopicAliasMaximum)
        {
            Close((byte)MqttDisconnectReasonCode.TopicAliasInvalid, $"Topic alias {alias} exceeds the maximum of {MqttServerLimits.TopicAliasMaximum}.");
            return false;
        }

        if (packet.Topic.Length > 0)
        {
            _topicAliases[alias] = packet.Topic;
            return true;
        }

        if (_topicAliases.TryGetValue(alias, out var topic))
        {
            packet.Topic = topic;
            return true;
        }

        Close((byte)MqttDisconnectReasonCode.ProtocolError, $"Topic alias {alias} has not been set.");
        return false;
    }

    private void HandleAck(MqttAckPacket packet)
    {
        if (packet.Type == MqttPacketType.PubRel)
        {
            var isKnown = Session.ReceivedQoS2.TryRemove(packet.PacketIdentifier, out _);
            if (isKnown)
            {
                OnPublishFinished();
            }

            Sender.WriteAck(MqttPacketType.PubComp, packet.PacketIdentifier, isKnown ? (byte)0 : (byte)0x92);
            return;
        }

        var isExpected = Session.Acknowledge(packet.Type, packet.PacketIdentifier, packet.ReasonCode);
        if (packet.Type == MqttPacketType.PubRec && packet.ReasonCode < 0x80)
        {
            Sender.WriteAck(MqttPacketType.PubRel, packet.PacketIdentifier, isExpected ? (byte)0 : (byte)0x92);
        }

        SchedulePump();
    }
}
