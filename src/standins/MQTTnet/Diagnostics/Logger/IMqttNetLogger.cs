namespace MQTTnet.Diagnostics.Logger;

/// <summary>Where the library reports what it has no other way to say. Called from any thread.</summary>
public interface IMqttNetLogger
{
    bool IsEnabled { get; }

    void Publish(MqttNetLogLevel logLevel, string source, string message, object[]? parameters, Exception? exception);
}
