namespace EcgStream.Simulator.Synth;

/// <summary>Beat classes of ANSI/AAMI EC57 that the synthesizer makes, by their letter.</summary>
public enum BeatClass
{
    /// <summary>Conducted from the atria; also the beats of atrial fibrillation.</summary>
    N,

    /// <summary>Ventricular ectopic.</summary>
    V,
}
