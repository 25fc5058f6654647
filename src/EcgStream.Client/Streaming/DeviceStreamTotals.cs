using EcgStream.Protocol.V1;

namespace EcgStream.Client.Streaming;

/// <summary>Totals of one device stream. Each chunk that was sent is acked, duplicate, refused or unanswered.</summary>
/// <param name="Sent">Chunks handed over; a chunk that is sent again counts once.</param>
/// <param name="Acked">Accepted: they are in the daemon's journal (with an external MQTT broker: the broker has them).</param>
/// <param name="Duplicate">The daemon had them before, from before a break; they are safe.</param>
/// <param name="Refused">Not taken; sending them again would not help.</param>
/// <param name="Resent">Chunks sent again, after a break or because the daemon could not take them for now.</param>
/// <param name="Reconnects">Connections after the first.</param>
/// <param name="FirstRefusal">Why the first refused one was refused.</param>
public readonly record struct DeviceStreamTotals(long Sent, long Acked, long Duplicate, long Refused, long Resent, long Reconnects, Refusal? FirstRefusal)
{
    public long Unanswered => Sent - Acked - Duplicate - Refused;
}
