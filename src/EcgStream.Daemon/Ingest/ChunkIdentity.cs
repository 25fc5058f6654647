using EcgStream.Core.Signals;

namespace EcgStream.Daemon.Ingest;

/// <summary>What names a chunk for ever: (device, session, sequence).</summary>
internal readonly record struct ChunkIdentity(string DeviceId, ulong SessionId, ulong Sequence)
{
    public static ChunkIdentity Of(in ChunkHeader chunk) => new(chunk.DeviceId, chunk.SessionId, chunk.Sequence);
}
