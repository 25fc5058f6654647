namespace EcgStream.Simulator.Synth;

/// <summary>Rhythms that the synthesizer makes.</summary>
public enum RhythmKind
{
    /// <summary>Normal sinus rhythm, 55 to 95 beats per minute.</summary>
    Sinus,

    /// <summary>Sinus bradycardia below 45 beats per minute.</summary>
    Bradycardia,

    /// <summary>Sinus tachycardia above 130 beats per minute.</summary>
    Tachycardia,

    /// <summary>Atrial fibrillation: irregular RR intervals, f-waves in place of P waves.</summary>
    AtrialFibrillation,

    /// <summary>Sinus rhythm with premature ventricular contractions, alone or in runs.</summary>
    PrematureVentricular,

    /// <summary>No beats at all, a slow wander of some microvolts.</summary>
    Asystole,

    /// <summary>Ventricular fibrillation: a chaotic wave of 4 to 7 Hz, no beats.</summary>
    VentricularFibrillation,
}
