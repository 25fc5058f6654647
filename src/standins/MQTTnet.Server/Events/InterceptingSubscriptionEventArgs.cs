using System.Collections;
using MQTTnet.Packets;

namespace MQTTnet.Server;

public sealed class InterceptingSubscriptionEventArgs : EventArgs
{
    public InterceptingSubscriptionEventArgs(
        string clientId,
        string? userName,
        MqttSessionStatus session,
        MqttTopicFilter topicFilter,
        List<MqttUserProperty>? userProperties,
        CancellationToken cancellationToken)
    {
        CancellationToken = cancellationToken;
        ClientId = clientId;
        UserName = userName;
        Session = session;
        TopicFilter = topicFilter;
        UserProperties = userProperties;
    }

    public CancellationToken CancellationToken { get; }

    public string ClientId { get; }

    public bool CloseConnection { get; set; }

    /// <summary>False answers as <see cref="Response"/> says and makes no subscription.</summary>
    public bool ProcessSubscription { get; set; } = true;

    public string? ReasonString { get; set; }

    /// <summary>Preset to what the server grants; a code from 0x80 on refuses the filter.</summary>
    public SubscribeResponse Response { get; } = new();

    public MqttSessionStatus Session { get; }

    public IDictionary SessionItems => Session.Items;

    public MqttTopicFilter TopicFilter { get; set; }

    public string? UserName { get; }

    public List<MqttUserProperty>? UserProperties { get; set; }
}
