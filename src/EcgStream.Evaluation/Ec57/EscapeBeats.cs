namespace EcgStream.Evaluation.Ec57;

/// <summary>How escape beats of the atria and the node (codes e, j, n) count. The standard and much of the literature differ, so both are reported.</summary>
internal enum EscapeBeats
{
    /// <summary>As supraventricular ectopic beats, as the standard's comparator does.</summary>
    Supraventricular,

    /// <summary>As normal beats, as de Chazal (2004) and most who compare with it.</summary>
    Normal,
}
