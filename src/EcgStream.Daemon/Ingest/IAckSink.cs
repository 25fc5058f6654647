using EcgStream.Core.Signals;

namespace EcgStream.Daemon.Ingest;

/// <summary>Where the answer to a chunk goes. Called once per submitted chunk, on the journal's thread or the submitter's; it must not block.</summary>
internal interface IAckSink
{
    void Accepted(string deviceId, ulong sessionId, ulong sequence);

    void Duplicate(string deviceId, ulong sessionId, ulong sequence);

    void Refused(in ChunkRefusal refusal);
}
