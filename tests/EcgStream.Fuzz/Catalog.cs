using EcgStream.Fuzz.Targets;
using MQTTnet.Formatter;

namespace EcgStream.Fuzz;

internal static class Catalog
{
    /// <summary>New instances, one thread's worth.</summary>
    public static IReadOnlyList<FuzzTarget> Create() =>
    [
        new MqttPacketTarget(fromClient: true, MqttProtocolVersion.V311),
        new MqttPacketTarget(fromClient: true, MqttProtocolVersion.V500),
        new MqttPacketTarget(fromClient: false, MqttProtocolVersion.V311),
        new MqttPacketTarget(fromClient: false, MqttProtocolVersion.V500),
        new MqttTopicTarget(),
        new MqttChunkTarget(),
        new GrpcChunkTarget(),
        new GrpcRequestTarget(),
        new AnnotatedCsvTarget(),
        new LineProtocolTarget(),
        new NetworkTextTarget(),
    ];
}
