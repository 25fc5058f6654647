using System.Globalization;
using EcgStream.Core.Signals;

namespace EcgStream.Daemon.Ingest;

/// <summary>Refusals of chunks that are well-formed but cannot be taken now or from here.</summary>
internal static class ChunkRefusals
{
    public static ChunkRefusal TooLarge(ReadOnlySpan<char> device, long bytes) => ChunkRefusal.Of(
        RefusalReason.TooLarge, "", FormattableString.Invariant($"at most {ChunkLimits.MaxBytes} bytes"), device.ToString(), null,
        FormattableString.Invariant($"{bytes} bytes"));

    public static ChunkRefusal TopicMismatch(in ChunkHeader chunk, ReadOnlySpan<char> topicDevice) =>
        Of(chunk, RefusalReason.TopicMismatch, "device_id", $"the topic's device, {topicDevice}", chunk.DeviceId);

    public static ChunkRefusal TooManyDevices(in ChunkHeader chunk, int maxDevices) =>
        Of(chunk, RefusalReason.TooManyDevices, "device_id", string.Create(CultureInfo.InvariantCulture, $"one of {maxDevices} devices ({IngestOptions.SectionName}:MaxDevices)"), "one more");

    public static ChunkRefusal SecondWriter(in ChunkHeader chunk) => Of(
        chunk, RefusalReason.SecondWriter, "session_id",
        string.Create(CultureInfo.InvariantCulture, $"one connection at a time, another after {DeviceEntry.WriterLease.TotalSeconds:0} s of silence"),
        "written by another connection now");

    public static ChunkRefusal SessionReplaced(in ChunkHeader chunk) =>
        Of(chunk, RefusalReason.SessionId, "session_id", "the device's newest session", "a session that a newer one has replaced");

    public static ChunkRefusal FormatChanged(in ChunkHeader chunk) => Of(
        chunk, RefusalReason.FormatChanged, "leads", "the session's first sample rate and leads; a new format needs a new session_id",
        string.Create(CultureInfo.InvariantCulture, $"changed ({chunk.Leads.Count} leads at {chunk.SampleRateHz} Hz)"));

    public static ChunkRefusal SequenceReused(in ChunkHeader chunk) => Of(
        chunk, RefusalReason.SequenceReused, "sequence", "one chunk for each number of a session; a device that starts again needs a new session_id",
        "a number under which other samples came before");

    public static ChunkRefusal Storage(in ChunkHeader chunk, string reason) =>
        Of(chunk, RefusalReason.Storage, "", "a journal that can be written; send again later", $"not journaled ({reason})");

    private static ChunkRefusal Of(in ChunkHeader chunk, RefusalReason reason, string field, string limit, string value) =>
        ChunkRefusal.Of(reason, field, limit, chunk.DeviceId, chunk.Sequence, value);
}
