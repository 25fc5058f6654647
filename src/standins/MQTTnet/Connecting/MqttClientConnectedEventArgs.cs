namespace MQTTnet;

public sealed class MqttClientConnectedEventArgs : EventArgs
{
    public MqttClientConnectedEventArgs(MqttClientConnectResult connectResult)
    {
        ArgumentNullException.ThrowIfNull(connectResult);
        ConnectResult = connectResult;
    }

    public MqttClientConnectResult ConnectResult { get; }
}
