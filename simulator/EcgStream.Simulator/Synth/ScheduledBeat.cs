namespace EcgStream.Simulator.Synth;

/// <summary>The next beat of a schedule.</summary>
/// <param name="TimeSeconds">Its R peak, from the start.</param>
/// <param name="RrSeconds">Interval before it.</param>
/// <param name="Class">N or V.</param>
/// <param name="AtrialWave">Whether a P wave leads it.</param>
/// <param name="Rhythm">Rhythm code that holds from its interval on.</param>
internal readonly record struct ScheduledBeat(double TimeSeconds, double RrSeconds, BeatClass Class, bool AtrialWave, string Rhythm);
