namespace EcgStream.Core.Beats;

/// <summary>Beat classes of AAMI EC57. The numbers are stored: never change one.</summary>
public enum BeatClass
{
    /// <summary>None of the others: normal, bundle branch block, escape of the atria or the node.</summary>
    N = 0,

    /// <summary>Supraventricular ectopic.</summary>
    S = 1,

    /// <summary>Ventricular ectopic.</summary>
    V = 2,

    /// <summary>Fusion of a ventricular and a normal beat.</summary>
    F = 3,

    /// <summary>Paced, or not classified: no model serves the session, or the signal around the beat cannot be trusted.</summary>
    Q = 4,
}
