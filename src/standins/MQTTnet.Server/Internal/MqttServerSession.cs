using System.Collections;
using System.Collections.Concurrent;
using MQTTnet.Formatter;
using MQTTnet.Internal;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>
/// What the server keeps of one client id: subscriptions, waiting messages, unfinished handshakes. Outlives connections where the client asked
/// for it. Everything outbound is guarded by <see cref="Gate"/>.
/// </summary>
internal sealed class MqttServerSession(string id, IDictionary items, MqttServerOptions options, MqttQueueBudget budget, TimeProvider clock)
{
    private readonly Queue<MqttOutboundMessage> _queue = new();
    private readonly Dictionary<ushort, MqttInflightMessage> _inflight = [];
    private ushort _lastId;
    private long _order;
    private bool _isDropped;

    public Lock Gate { get; } = new();

    public string Id { get; } = id;

    public IDictionary Items { get; } = items;

    public DateTimeOffset Created { get; } = clock.GetUtcNow();

    public DateTimeOffset? Disconnected { get; private set; }

    public long DisconnectedTimestamp { get; private set; }

    public uint ExpirySeconds { get; set; }

    public string? UserName { get; set; }

    public Dictionary<string, MqttSubscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Publishes of QoS 2 that were received and not yet released, each with its handler's work.</summary>
    public ConcurrentDictionary<ushort, MqttPendingPublish> ReceivedQoS2 { get; } = new();

    public MqttConnection? Connection { get; private set; }

    public bool IsConnected => Connection is not null;

    /// <summary>The last will that waits for its delay, and since when.</summary>
    public (MqttWill Will, long SinceTimestamp)? DelayedWill { get; set; }

    public bool IsDeleted { get; set; }

    public int PendingCount
    {
        get
        {
            lock (Gate)
            {
                return _queue.Count + _inflight.Count;
            }
        }
    }

    public void Attach(MqttConnection connection)
    {
        lock (Gate)
        {
            Connection = connection;
            Disconnected = null;
        }
    }

    /// <summary>False where another connection has taken the session over.</summary>
    public bool Detach(MqttConnection connection)
    {
        lock (Gate)
        {
            if (Connection != connection)
            {
                return false;
            }

            Connection = null;
            Disconnected = clock.GetUtcNow();
            DisconnectedTimestamp = clock.GetTimestamp();
            return true;
        }
    }

    /// <summary>Returns the message that was lost to make or for lack of room, or null.</summary>
    public MqttApplicationMessage? Enqueue(in MqttOutboundMessage message)
    {
        MqttApplicationMessage? lost = null;
        MqttConnection? connection;
        lock (Gate)
        {
            connection = Connection;
            if (connection is null && message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce)
            {
                return message.Message;
            }

            if (_isDropped)
            {
                return message.Message;
            }

            if (_queue.Count >= options.MaxPendingMessagesPerClient || budget.IsSpent)
            {
                if (_queue.Count == 0 || options.PendingMessagesOverflowStrategy == MqttPendingMessagesOverflowStrategy.DropNewMessage)
                {
                    return message.Message;
                }

                lost = _queue.Dequeue().Message;
                budget.GiveBack(lost.Payload.Length);
            }

            _queue.Enqueue(message);
            budget.Take(message.Message.Payload.Length);
        }

        connection?.SchedulePump();
        return lost;
    }

    /// <summary>The session has ended: what waits is gone, and nothing waits any more.</summary>
    public void DropQueue()
    {
        lock (Gate)
        {
            _isDropped = true;
            foreach (var message in _queue)
            {
                budget.GiveBack(message.Message.Payload.Length);
            }

            _queue.Clear();
        }
    }

    /// <summary>Writes what may be sent now. True where more waits and only other work's turn stopped it.</summary>
    public bool Pump(MqttConnection connection)
    {
        lock (Gate)
        {
            var left = MqttServerLimits.PumpBatch;
            while (Connection == connection && _queue.Count > 0 && !connection.Sender.IsCongested)
            {
                var isAcknowledged = _queue.Peek().QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
                if (isAcknowledged && _inflight.Count >= connection.SendWindow)
                {
                    return false;
                }

                if (left-- == 0)
                {
                    return true;
                }

                var message = _queue.Dequeue();
                budget.GiveBack(message.Message.Payload.Length);
                var id = isAcknowledged ? NextId() : (ushort)0;
                if (connection.TrySend(message, id, dup: false) && isAcknowledged)
                {
                    _inflight.Add(id, new MqttInflightMessage(message, ++_order));
                }
            }

            return false;
        }
    }

    /// <summary>On a resumed session: sends again what was not acknowledged, in the original order, before anything new.</summary>
    public void Resend(MqttConnection connection)
    {
        lock (Gate)
        {
            foreach (var (id, message) in _inflight.OrderBy(m => m.Value.Order).ToList())
            {
                if (message.IsReleased)
                {
                    connection.Sender.WriteAck(MqttPacketType.PubRel, id, 0);
                }
                else if (!connection.TrySend(message.Message, id, dup: true))
                {
                    _inflight.Remove(id);
                }
            }
        }
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP of the client. False where the identifier is not in use in that way.</summary>
    public bool Acknowledge(MqttPacketType type, ushort id, byte reason)
    {
        lock (Gate)
        {
            if (!_inflight.TryGetValue(id, out var message))
            {
                return false;
            }

            var qos = message.Message.QualityOfServiceLevel;
            switch (type)
            {
                case MqttPacketType.PubAck when qos == MqttQualityOfServiceLevel.AtLeastOnce:
                case MqttPacketType.PubComp when message.IsReleased:
                    return _inflight.Remove(id);
                case MqttPacketType.PubRec when qos == MqttQualityOfServiceLevel.ExactlyOnce && reason >= 0x80:
                    return _inflight.Remove(id);
                case MqttPacketType.PubRec when qos == MqttQualityOfServiceLevel.ExactlyOnce:
                    message.IsReleased = true;
                    return true;
                default:
                    return false;
            }
        }
    }

    // Under Gate. The window keeps fewer identifiers in use than there are, so the loop ends.
    private ushort NextId()
    {
        do
        {
            _lastId++;
        }
        while (_lastId == 0 || _inflight.ContainsKey(_lastId));
        return _lastId;
    }
}
