namespace MQTTnet.Diagnostics.Logger;

public sealed class MqttNetLogMessagePublishedEventArgs : EventArgs
{
    public MqttNetLogMessagePublishedEventArgs(MqttNetLogMessage logMessage)
    {
        ArgumentNullException.ThrowIfNull(logMessage);
        LogMessage = logMessage;
    }

    public MqttNetLogMessage LogMessage { get; }
}
