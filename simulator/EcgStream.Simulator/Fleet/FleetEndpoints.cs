using EcgStream.Client.Streaming;

namespace EcgStream.Simulator.Fleet;

/// <summary>Where the devices of each transport stream to; null where no device uses it.</summary>
public sealed record FleetEndpoints(StreamEndpoint? Grpc, StreamEndpoint? Mqtt);
