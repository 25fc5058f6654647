namespace MQTTnet.Protocol;

/// <summary>Delivery guarantee.</summary>
public enum MqttQualityOfServiceLevel
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}
