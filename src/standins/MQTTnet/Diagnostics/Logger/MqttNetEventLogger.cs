namespace MQTTnet.Diagnostics.Logger;

/// <summary>Hands every log entry to subscribers.</summary>
public sealed class MqttNetEventLogger : IMqttNetLogger
{
    public MqttNetEventLogger(string? logId = null)
    {
        LogId = logId;
    }

    public event EventHandler<MqttNetLogMessagePublishedEventArgs>? LogMessagePublished;

    public bool IsEnabled => LogMessagePublished is not null;

    public string? LogId { get; }

    public void Publish(MqttNetLogLevel logLevel, string source, string message, object[]? parameters, Exception? exception)
    {
        var subscribers = LogMessagePublished;
        if (subscribers is null)
        {
            return;
        }

        var text = parameters is { Length: > 0 } ? string.Format(System.Globalization.CultureInfo.InvariantCulture, message, parameters) : message;
        subscribers(
            this,
            new MqttNetLogMessagePublishedEventArgs(
                new MqttNetLogMessage { Exception = exception, Level = logLevel, LogId = LogId, Message = text, Source = source }));
    }
}
