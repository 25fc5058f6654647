namespace MQTTnet;

public sealed class MqttClientUnsubscribeResultItem
{
    public MqttClientUnsubscribeResultItem(string topicFilter, MqttClientUnsubscribeResultCode resultCode)
    {
        ArgumentNullException.ThrowIfNull(topicFilter);
        TopicFilter = topicFilter;
        ResultCode = resultCode;
    }

    public MqttClientUnsubscribeResultCode ResultCode { get; }

    public string TopicFilter { get; }
}
