namespace EcgStream.Evaluation.Ec57;

/// <summary>Which beats make a run.</summary>
internal enum RunKind
{
    /// <summary>Ventricular and fusion beats; fibrillation counts as a longest run.</summary>
    Ventricular,

    /// <summary>Supraventricular beats, and all normal ones in atrial fibrillation, which counts as a longest run.</summary>
    Supraventricular,
}
