namespace MQTTnet.Server;

public sealed class RetainedMessageChangedEventArgs : EventArgs
{
    internal RetainedMessageChangedEventArgs(string clientId, MqttApplicationMessage changed, List<MqttApplicationMessage> stored)
    {
        ClientId = clientId;
        ChangedRetainedMessage = changed;
        StoredRetainedMessages = stored;
    }

    public MqttApplicationMessage ChangedRetainedMessage { get; }

    public string ClientId { get; }

    public List<MqttApplicationMessage> StoredRetainedMessages { get; }
}
