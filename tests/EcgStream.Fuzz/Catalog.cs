using EcgStream.Fuzz.Targets;

namespace EcgStream.Fuzz;

internal static class Catalog
{
    /// <summary>New instances, one thread's worth.</summary>
    public static IReadOnlyList<FuzzTarget> Create() =>
    [
        new MqttChunkTarget(),
        new MqttHeaderTarget(),
        new MqttSocketTarget(),
        new GrpcChunkTarget(),
        new GrpcRequestTarget(),
        new LineProtocolTarget(),
        new NetworkTextTarget(),
    ];
}
