using EcgStream.Protocol.V1;

namespace EcgStream.Client.Streaming;

/// <summary>What names a chunk among those of one device.</summary>
internal readonly record struct ChunkKey(ulong SessionId, ulong Sequence)
{
    public static ChunkKey Of(SampleChunk chunk) => new(chunk.SessionId, chunk.Sequence);

    public static ChunkKey Of(ChunkAck ack) => new(ack.SessionId, ack.Sequence);
}
