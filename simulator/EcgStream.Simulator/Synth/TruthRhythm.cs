namespace EcgStream.Simulator.Synth;

/// <summary>Start of a stretch of one rhythm, up to the next such mark.</summary>
/// <param name="Sample">First sample, counted from the start.</param>
/// <param name="Code">
/// Rhythm code as WFDB annotation files carry it: <c>(N</c>, <c>(SBR</c> bradycardia, <c>(STACH</c> sinus tachycardia (WFDB has no code for it),
/// <c>(AFIB</c>, <c>(VT</c>, <c>(ASYS</c>, <c>(VFIB</c>.
/// </param>
public readonly record struct TruthRhythm(long Sample, string Code);
