using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>From a message that was let in to the queues of those who subscribed to it.</summary>
public partial class MqttServer
{
    private readonly MqttSubscriptionIndex _subscriptions = new();

    public async Task DeleteRetainedMessagesAsync()
    {
        ThrowIfNotStarted();
        _retained.Clear();
        await RaiseAsync(RetainedMessagesClearedEvent, EventArgs.Empty).ConfigureAwait(false);
    }

    public Task<MqttApplicationMessage?> GetRetainedMessageAsync(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ThrowIfNotStarted();
        return Task.FromResult(_retained.Find(topic));
    }

    public Task<IList<MqttApplicationMessage>> GetRetainedMessagesAsync()
    {
        ThrowIfNotStarted();
        return Task.FromResult<IList<MqttApplicationMessage>>(_retained.ToList());
    }

    public Task UpdateRetainedMessageAsync(MqttApplicationMessage retainedMessage)
    {
        ArgumentNullException.ThrowIfNull(retainedMessage);
        ThrowIfNotStarted();
        return TryRetain(string.Empty, retainedMessage)
            ? Task.CompletedTask
            : throw new InvalidOperationException($"The server already keeps {MqttServerLimits.MaximumRetainedMessages} retained messages.");
    }

    /// <summary>Hands the message to every subscriber's queue. Does not wait for any of them.</summary>
    internal MqttPubAckReasonCode Dispatch(string senderId, MqttApplicationMessage message)
    {
        if (message.Retain && !TryRetain(senderId, message))
        {
            return MqttPubAckReasonCode.QuotaExceeded;
        }

        var received = Clock.GetTimestamp();
        var match = _subscriptions.Match(message.Topic);
        var delivered = 0;
        foreach (var (session, subscriptions) in match.Sessions)
        {
            delivered += Deliver(senderId, message, received, session, subscriptions) ? 1 : 0;
        }

        foreach (var group in match.Groups)
        {
            if (group.Choose() is { } chosen)
            {
                delivered += Deliver(senderId, message, received, chosen.Session, [chosen]) ? 1 : 0;
            }
        }

        if (delivered > 0)
        {
            return MqttPubAckReasonCode.Success;
        }

        if (ApplicationMessageNotConsumedEvent.HasHandlers)
        {
            _ = RaiseAsync(ApplicationMessageNotConsumedEvent, new ApplicationMessageNotConsumedEventArgs(message, senderId));
        }

        return MqttPubAckReasonCode.NoMatchingSubscribers;
    }

    /// <summary>True where the filter is new to the session.</summary>
    internal bool Subscribe(MqttServerSession session, MqttTopicFilter filter, MqttQualityOfServiceLevel granted, uint identifier)
    {
        var subscription = new MqttSubscription(session, filter, granted, identifier);
        bool isNew;
        lock (session.Subscriptions)
        {
            isNew = !session.Subscriptions.ContainsKey(filter.Topic);
            session.Subscriptions[filter.Topic] = subscription;
        }

        _subscriptions.Add(subscription);
        return isNew;
    }

    internal void Unsubscribe(MqttServerSession session, string filter)
    {
        lock (session.Subscriptions)
        {
            session.Subscriptions.Remove(filter);
        }

        _subscriptions.Remove(session, filter);
    }

    internal void SendRetained(MqttServerSession session, string filter, bool isNew)
    {
        MqttSubscription? subscription;
        lock (session.Subscriptions)
        {
            session.Subscriptions.TryGetValue(filter, out subscription);
        }

        if (subscription is null || MqttTopicRules.IsShared(filter) || subscription.RetainHandling == MqttRetainHandling.DoNotSendOnSubscribe
            || (subscription.RetainHandling == MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly && !isNew))
        {
            return;
        }

        foreach (var (message, receivedTimestamp) in _retained.Match(filter))
        {
            Enqueue(string.Empty, session, new MqttOutboundMessage
            {
                Message = message,
                QualityOfServiceLevel = Lower(message.QualityOfServiceLevel, subscription.QualityOfServiceLevel),
                Retain = true,
                SubscriptionIdentifiers = subscription.Identifiers,
                ReceivedTimestamp = receivedTimestamp,
            });
        }
    }

    private static MqttQualityOfServiceLevel Lower(MqttQualityOfServiceLevel a, MqttQualityOfServiceLevel b) => a < b ? a : b;

    private bool Deliver(string senderId, MqttApplicationMessage message, long received, MqttServerSession session, MqttSubscription[] subscriptions)
    {
        // Overlapping filters of one session give one copy, with the best QoS and every identifier (3.3.4).
        var isWanted = false;
        var retain = false;
        var qos = MqttQualityOfServiceLevel.AtMostOnce;
        List<uint>? identifiers = null;
        foreach (var subscription in subscriptions)
        {
            if (subscription.NoLocal && string.Equals(senderId, session.Id, StringComparison.Ordinal))
            {
                continue;
            }

            isWanted = true;
            retain |= subscription.RetainAsPublished && message.Retain;
            qos = subscription.QualityOfServiceLevel > qos ? subscription.QualityOfServiceLevel : qos;
            if (subscription.Identifiers is not null)
            {
                identifiers = identifiers is null ? subscription.Identifiers : [.. identifiers, .. subscription.Identifiers];
            }
        }

        if (!isWanted)
        {
            return false;
        }

        Enqueue(senderId, session, new MqttOutboundMessage
        {
            Message = message,
            QualityOfServiceLevel = Lower(message.QualityOfServiceLevel, qos),
            Retain = retain,
            SubscriptionIdentifiers = identifiers,
            ReceivedTimestamp = received,
        });
        return true;
    }

    private void Enqueue(string senderId, MqttServerSession session, in MqttOutboundMessage outbound)
    {
        var lost = session.Enqueue(outbound);
        if (!ApplicationMessageEnqueuedOrDroppedEvent.HasHandlers)
        {
            return;
        }

        if (lost is not null)
        {
            _ = RaiseAsync(ApplicationMessageEnqueuedOrDroppedEvent, new ApplicationMessageEnqueuedEventArgs(senderId, session.Id, lost, isDropped: true));
        }

        if (lost != outbound.Message)
        {
            _ = RaiseAsync(ApplicationMessageEnqueuedOrDroppedEvent, new ApplicationMessageEnqueuedEventArgs(senderId, session.Id, outbound.Message, isDropped: false));
        }
    }

    private bool TryRetain(string senderId, MqttApplicationMessage message)
    {
        if (!_retained.TryUpdate(message))
        {
            Log.Warning("The store of retained messages is full; a message was refused.");
            return false;
        }

        if (RetainedMessageChangedEvent.HasHandlers)
        {
            _ = RaiseAsync(RetainedMessageChangedEvent, new RetainedMessageChangedEventArgs(senderId, message, _retained.ToList()));
        }

        return true;
    }
}
