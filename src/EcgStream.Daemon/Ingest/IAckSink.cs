using EcgStream.Core.Signals;

namespace EcgStream.Daemon.Ingest;

/// <summary>Where the answer to a chunk goes. Called once per submitted chunk, on the journal's thread or the submitter's; it must not block.</summary>
internal interface IAckSink
{
    /// <summary>Journaled.</summary>
    void Accepted(in ChunkIdentity chunk);

    /// <summary>Journaled before.</summary>
    void Duplicate(in ChunkIdentity chunk);

    /// <param name="chunk">Default when the bytes could not be decoded; the caller then knows best what it sent.</param>
    void Refused(in ChunkIdentity chunk, in ChunkRefusal refusal);
}
