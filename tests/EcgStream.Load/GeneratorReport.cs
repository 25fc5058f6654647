namespace EcgStream.Load;

/// <summary>What the generator says at its end, one JSON line on its stdout.</summary>
/// <param name="LateP99Milliseconds">How late it sent after a chunk's last sample was due: the share of the latencies that is the generator's own.</param>
internal sealed record GeneratorReport(
    long Sent, long Acked, long Duplicate, long Refused, long Unanswered, long Reconnects, double LateP50Milliseconds, double LateP99Milliseconds, string FirstRefusal);
