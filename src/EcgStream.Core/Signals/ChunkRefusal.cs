namespace EcgStream.Core.Signals;

/// <summary>Why a chunk was refused, for a counter, for a machine and for people.</summary>
/// <param name="Reason">What it is counted by.</param>
/// <param name="Field">Name of the field of SampleChunk, empty when the whole is meant.</param>
/// <param name="Limit">What would have been accepted.</param>
/// <param name="Message">Device, sequence, field, value and limit.</param>
public readonly record struct ChunkRefusal(RefusalReason Reason, string Field, string Limit, string Message)
{
    /// <summary>Builds a refusal of one field of a chunk whose device and sequence are known, as far as they are.</summary>
    public static ChunkRefusal Of(RefusalReason reason, string field, string limit, string deviceId, ulong? sequence, string value)
    {
        var device = deviceId.Length == 0 ? "unknown" : deviceId;
        var number = sequence is { } known ? FormattableString.Invariant($"{known}") : "unknown";
        var what = field.Length == 0 ? "chunk" : field;
        return new ChunkRefusal(reason, field, limit, $"device {device}, sequence {number}: {what} is {value}, accepted is {limit}");
    }
}
