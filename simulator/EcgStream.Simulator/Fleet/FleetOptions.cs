using EcgStream.Client.Streaming;

namespace EcgStream.Simulator.Fleet;

/// <summary>How a fleet streams.</summary>
public sealed record FleetOptions
{
    /// <summary>Length of a chunk, 20 ms to 2 s.</summary>
    public TimeSpan Chunk { get; init; } = TimeSpan.FromMilliseconds(250);

    public DeviceStreamOptions Stream { get; init; } = new();
}
