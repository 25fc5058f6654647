namespace MQTTnet.Protocol;

/// <summary>When retained messages are sent to a new subscription (MQTT 5.0, 3.8.3.1).</summary>
public enum MqttRetainHandling
{
    SendAtSubscribe = 0,
    SendAtSubscribeIfNewSubscriptionOnly = 1,
    DoNotSendOnSubscribe = 2,
}
