using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Server;

/// <summary>SUBSCRIBE and UNSUBSCRIBE. They are rare, so the read loop waits for their handlers.</summary>
internal sealed partial class MqttConnection
{
    private async Task SubscribeAsync(MqttSubscribePacket packet)
    {
        var identifier = packet.Properties?.SubscriptionIdentifiers?[0] ?? 0;
        var codes = new byte[packet.TopicFilters.Count];
        var made = new List<(MqttTopicFilter Filter, bool IsNew)>();
        MqttProperties? answer = null;
        var mustClose = false;
        for (var i = 0; i < codes.Length; i++)
        {
            var args = new InterceptingSubscriptionEventArgs(
                Session.Id, Connect.Username, new MqttSessionStatus(_server, Session), packet.TopicFilters[i], packet.Properties?.UserProperties, Ended);
            args.Response.ReasonCode = Grant(args.TopicFilter);
            if ((byte)args.Response.ReasonCode < 0x80)
            {
                try
                {
                    await _server.InterceptingSubscriptionEvent.InvokeAsync(args).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    _server.Log.Error("A handler of InterceptingSubscriptionAsync failed; the filter is refused.", exception);
                    args.Response.ReasonCode = MqttSubscribeReasonCode.UnspecifiedError;
                }
            }

            mustClose |= args.CloseConnection;
            if ((byte)args.Response.ReasonCode < 0x80 && args.ProcessSubscription)
            {
                made.Add((args.TopicFilter, _server.Subscribe(Session, args.TopicFilter, (MqttQualityOfServiceLevel)args.Response.ReasonCode, identifier)));
            }

            codes[i] = IsV5 || (byte)args.Response.ReasonCode < 0x80 ? (byte)args.Response.ReasonCode : (byte)0x80;
            if (args.ReasonString is not null || args.Response.ReasonString is not null || args.Response.UserProperties is not null)
            {
                answer = MqttExplanation.For(Connect, args.ReasonString ?? args.Response.ReasonString, args.Response.UserProperties, codes.Length);
            }
        }

        Sender.Write(new MqttSubAckPacket(MqttPacketType.SubAck) { PacketIdentifier = packet.PacketIdentifier, Codes = codes, Properties = answer });
        if (mustClose)
        {
            Close((byte)MqttDisconnectReasonCode.NotAuthorized);
            return;
        }

        foreach (var (filter, isNew) in made)
        {
            _server.SendRetained(Session, filter.Topic, isNew);
            await _server.RaiseAsync(
                _server.ClientSubscribedTopicEvent, new ClientSubscribedTopicEventArgs(Session.Id, Connect.Username, filter, Session.Items)).ConfigureAwait(false);
        }
    }

    private MqttSubscribeReasonCode Grant(MqttTopicFilter filter)
    {
        if (!MqttTopicRules.IsValidFilter(filter.Topic))
        {
            return MqttSubscribeReasonCode.TopicFilterInvalid;
        }

        if (Session.Subscriptions.Count >= MqttServerLimits.MaximumSubscriptionsPerSession && !Session.Subscriptions.ContainsKey(filter.Topic))
        {
            return MqttSubscribeReasonCode.QuotaExceeded;
        }

        return (MqttSubscribeReasonCode)filter.QualityOfServiceLevel;
    }

    private async Task UnsubscribeAsync(MqttUnsubscribePacket packet)
    {
        var codes = new byte[packet.TopicFilters.Count];
        MqttProperties? answer = null;
        var mustClose = false;
        for (var i = 0; i < codes.Length; i++)
        {
            var args = new InterceptingUnsubscriptionEventArgs(
                Session.Id, Connect.Username, Session.Items, packet.TopicFilters[i], packet.Properties?.UserProperties, Ended);
            args.Response.ReasonCode = Session.Subscriptions.ContainsKey(args.Topic) ? MqttUnsubscribeReasonCode.Success : MqttUnsubscribeReasonCode.NoSubscriptionExisted;
            try
            {
                await _server.InterceptingUnsubscriptionEvent.InvokeAsync(args).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                _server.Log.Error("A handler of InterceptingUnsubscriptionAsync failed; the subscription stays.", exception);
                args.Response.ReasonCode = MqttUnsubscribeReasonCode.UnspecifiedError;
            }

            mustClose |= args.CloseConnection;
            codes[i] = (byte)args.Response.ReasonCode;
            answer = MqttExplanation.For(Connect, args.Response.ReasonString, args.Response.UserProperties, codes.Length) ?? answer;
            if (codes[i] == 0 && args.ProcessUnsubscription)
            {
                _server.Unsubscribe(Session, args.Topic);
                await _server.RaiseAsync(
                    _server.ClientUnsubscribedTopicEvent, new ClientUnsubscribedTopicEventArgs(Session.Id, Connect.Username, args.Topic, Session.Items)).ConfigureAwait(false);
            }
        }

        Sender.Write(new MqttSubAckPacket(MqttPacketType.UnsubAck) { PacketIdentifier = packet.PacketIdentifier, Codes = codes, Properties = answer });
        if (mustClose)
        {
            Close((byte)MqttDisconnectReasonCode.NotAuthorized);
        }
    }
}
