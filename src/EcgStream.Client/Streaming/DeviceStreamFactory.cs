using Grpc.Net.Client;

namespace EcgStream.Client.Streaming;

/// <summary>Opens device streams to one endpoint. Devices over gRPC share its channel; each device over MQTT has a connection of its own.</summary>
public sealed class DeviceStreamFactory : IDisposable
{
    private readonly StreamEndpoint _endpoint;
    private readonly DeviceStreamOptions _options;
    private readonly TimeProvider _clock;
    private readonly GrpcChannel? _channel;

    public DeviceStreamFactory(StreamEndpoint endpoint, DeviceStreamOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _endpoint = endpoint;
        _options = options;
        _clock = clock;
        _channel = endpoint.Transport == StreamTransport.Grpc ? GrpcChannels.Open(endpoint) : null;
    }

    /// <summary>A stream for one device; it connects when the first chunk is sent.</summary>
    public IDeviceStream Open(string deviceId) => _channel is { } channel
        ? new GrpcDeviceStream(channel, _options, _clock)
        : new MqttDeviceStream(_endpoint.Host, _endpoint.Port, deviceId, _options, _clock);

    public void Dispose() => _channel?.Dispose();
}
