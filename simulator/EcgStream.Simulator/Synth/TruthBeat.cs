namespace EcgStream.Simulator.Synth;

/// <summary>A beat that was made: the sample of its R peak, counted from the start, and its class.</summary>
public readonly record struct TruthBeat(long Sample, BeatClass Class);
