namespace MQTTnet.Server;

public sealed class MqttServerStopOptionsBuilder
{
    private readonly MqttServerStopOptions _options = new();

    public MqttServerStopOptions Build() => _options;

    public MqttServerStopOptionsBuilder WithDefaultClientDisconnectOptions(MqttServerClientDisconnectOptions value)
    {
        _options.DefaultClientDisconnectOptions = value;
        return this;
    }

    public MqttServerStopOptionsBuilder WithDefaultClientDisconnectOptions(Action<MqttServerClientDisconnectOptionsBuilder> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var inner = new MqttServerClientDisconnectOptionsBuilder();
        builder(inner);
        _options.DefaultClientDisconnectOptions = inner.Build();
        return this;
    }
}
