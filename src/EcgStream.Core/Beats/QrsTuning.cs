namespace EcgStream.Core.Beats;

/// <summary>
/// The detector's constants that no physiology gives: found by <c>ecgeval tune-qrs</c> as the values with the fewest missed and extra beats on the 22 records of MIT-BIH DS1
/// (both leads, 150 ms), one constant after the other, where the same records with muscle noise added at 12 and 6 dB did not get worse. Those of the wide beats also
/// had to find the beats of synthetic ventricular tachycardia, as DS1 has next to none so wide. DS2 had no part in it.
/// </summary>
internal sealed record QrsTuning
{
    public static QrsTuning Standard { get; } = new();

    /// <summary>The threshold lies so far up from the level of noise to that of beats.</summary>
    public double ThresholdShare { get; init; } = 0.5;

    /// <summary>A beat is overdue after so many mean intervals.</summary>
    public double Overdue { get; init; } = 1.5;

    /// <summary>An overdue beat needs so much of the threshold's height over the noise, less and less as time goes on.</summary>
    public double SearchBackShare { get; init; } = 0.5;

    /// <summary>However long it is overdue it must reach so many times the noise.</summary>
    public double SearchBackNoise { get; init; } = 1.5;

    /// <summary>An overdue beat may also be one that a single lead shows with so much of that lead's level, as when the other leads have lost contact …</summary>
    public double LoneShare { get; init; } = 0.6;

    /// <summary>… and so many times that lead's noise.</summary>
    public double LoneNoise { get; init; } = 3;

    /// <summary>The ventricles are not excited again sooner. Under 200 ms, so that 300 beats per minute are told apart.</summary>
    public double RefractoryMs { get; init; } = 194;

    /// <summary>Within this time of a beat a wave may be its T wave.</summary>
    public double TWaveEndMs { get; init; } = 320;

    /// <summary>It is one if it is lower than this share of the level of beats …</summary>
    public double TWaveShare { get; init; } = 0.5;

    /// <summary>… or than this share of the beat before it: a wide ventricular beat has a T wave as steep as a normal beat.</summary>
    public double TWaveOfLast { get; init; } = 0.7;

    /// <summary>A steep P wave that was taken for a beat must not hide the beat behind it: a wave so many times as high breaks the refractory time.</summary>
    public double BreaksRefractory { get; init; } = 1.5;

    /// <summary>Movement in one direction only, as of a step of the baseline, counts less from this share of all movement on …</summary>
    public double StepFrom { get; init; } = 0.2;

    /// <summary>… by so much where all of it is in one direction.</summary>
    public double StepPenalty { get; init; } = 0.6;

    /// <summary>A wave that moves at least this share of what the beats move in all, forth and back, is no T wave but a wide beat …</summary>
    public double WideShare { get; init; } = 0.6;

    /// <summary>… unless noise reaches this share of the level of beats, which moves leads as well; …</summary>
    public double WideNoise { get; init; } = 0.15;

    /// <summary>… for it so much of the threshold's height over the noise is enough.</summary>
    public double WideThresholdShare { get; init; } = 0.8;

    /// <summary>No lead counts as more than this share of the level of its own beats, for what one lane shows alone is rather an artefact.</summary>
    public double LaneLimit { get; init; } = 0.85;

    /// <summary>What is so sharp is a pacemaker's spike that rings in the front end's filter: 2.6 and more. A clean spike has 1.3, which narrow beats of a single lead reach, too.</summary>
    public double Spike { get; init; } = 1.8;

    /// <summary>A spike so many times as high as the level of beats hides a beat behind it.</summary>
    public double SpikeHides { get; init; } = 4;

    /// <summary>A lead weighs as its signal-to-noise ratio to this power.</summary>
    public double WeightPower { get; init; } = 1;

    /// <summary>How far the level of beats follows each beat.</summary>
    public double SignalMemory { get; init; } = 0.125;

    /// <summary>How far the level of noise follows each peak that is no beat.</summary>
    public double NoiseMemory { get; init; } = 0.25;

    /// <summary>One wide ventricular beat or artefact may be many times as large as the beats; it counts as so many times their level at most.</summary>
    public double Clip { get; init; } = 1.5;
}
