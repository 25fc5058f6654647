namespace MQTTnet.Formatter;

internal enum MqttDecodeStatus
{
    NeedMoreData,
    Packet,
    Failed,
}
