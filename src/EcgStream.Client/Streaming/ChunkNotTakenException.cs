using EcgStream.Protocol.V1;

namespace EcgStream.Client.Streaming;

/// <summary>The daemon could not take a chunk for now. It ends the connection: on the next one everything unanswered goes out again, in order.</summary>
internal sealed class ChunkNotTakenException(Refusal refusal)
    : Exception($"the daemon does not take chunks for now: {refusal.Reason}{(refusal.Message.Length > 0 ? $", {refusal.Message}" : "")}");
