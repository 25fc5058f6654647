using EcgStream.Core.Signals;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Ingest;

/// <summary>Refusals as the protocol carries them.</summary>
internal static class RefusalMessages
{
    public static ChunkAck ToAck(in ChunkIdentity chunk, in ChunkRefusal refusal) => new()
    {
        DeviceId = chunk.DeviceId ?? "",
        SessionId = chunk.SessionId,
        Sequence = chunk.Sequence,
        Status = AckStatus.Refused,
        Refusal = new Refusal
        {
            Reason = (Protocol.V1.RefusalReason)refusal.Reason,
            Field = refusal.Field,
            Limit = refusal.Limit,
            Message = refusal.Message,
        },
    };
}
