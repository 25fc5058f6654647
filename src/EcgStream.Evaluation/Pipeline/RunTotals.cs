using EcgStream.Core.Sessions;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>What a run took in.</summary>
/// <param name="Time">Between device clock and samples of the recording.</param>
/// <param name="Chunks">Chunks accepted, those of the padding included.</param>
/// <param name="MissingSamples">Samples marked as missing in the file, over all leads; the value before them was held.</param>
/// <param name="Counters">Of the session; nothing may be late, lost or repeated in a run.</param>
internal readonly record struct RunTotals(RecordTime Time, int Chunks, long MissingSamples, StreamCounters Counters);
