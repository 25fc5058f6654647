using MQTTnet.Diagnostics.Logger;

namespace MQTTnet.Server;

/// <summary>The server's way to the user's logger. Neither client ids nor topics are written: both may name a patient's device.</summary>
internal sealed class MqttServerLog(IMqttNetLogger logger)
{
    public void Warning(string message, Exception? exception = null) => Write(MqttNetLogLevel.Warning, message, exception);

    public void Error(string message, Exception? exception = null) => Write(MqttNetLogLevel.Error, message, exception);

    public void Info(string message) => Write(MqttNetLogLevel.Info, message, null);

    private void Write(MqttNetLogLevel level, string message, Exception? exception)
    {
        if (logger.IsEnabled)
        {
            logger.Publish(level, nameof(MqttServer), message, null, exception);
        }
    }
}
