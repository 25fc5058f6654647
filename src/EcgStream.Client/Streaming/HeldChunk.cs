using EcgStream.Protocol.V1;

namespace EcgStream.Client.Streaming;

/// <summary>A chunk that is kept until it is answered. Only its <see cref="SendWindow"/> changes it.</summary>
internal sealed class HeldChunk(SampleChunk chunk, long order)
{
    public SampleChunk Chunk { get; } = chunk;

    /// <summary>Place among all chunks of the stream.</summary>
    public long Order { get; } = order;

    /// <summary>It has been on a wire; once more is a repeat.</summary>
    public bool WasSent { get; set; }
}
