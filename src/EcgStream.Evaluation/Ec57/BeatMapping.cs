using EcgStream.Core.Beats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Ec57;

/// <summary>From annotation codes to the classes of EC57 and back.</summary>
internal static class BeatMapping
{
    /// <summary>The class of a beat code; <see cref="BeatLabel.O"/> for codes that mark no beat.</summary>
    public static BeatLabel Label(this WfdbAnnotationCode code, EscapeBeats escapes) => code switch
    {
        WfdbAnnotationCode.Normal or WfdbAnnotationCode.LeftBundleBranchBlock or WfdbAnnotationCode.RightBundleBranchBlock
            or WfdbAnnotationCode.BundleBranchBlock => BeatLabel.N,
        WfdbAnnotationCode.NodalPremature or WfdbAnnotationCode.AtrialPremature or WfdbAnnotationCode.SupraventricularPremature
            or WfdbAnnotationCode.AberratedAtrialPremature => BeatLabel.S,
        WfdbAnnotationCode.NodalEscape or WfdbAnnotationCode.AtrialEscape or WfdbAnnotationCode.SupraventricularEscape =>
            escapes == EscapeBeats.Supraventricular ? BeatLabel.S : BeatLabel.N,
        WfdbAnnotationCode.VentricularPremature or WfdbAnnotationCode.ROnT or WfdbAnnotationCode.VentricularEscape => BeatLabel.V,
        WfdbAnnotationCode.VentricularFusion => BeatLabel.F,

        // Records with a pacemaker are outside the standard's sums; where they are compared all the same, their beats count as unknown.
        WfdbAnnotationCode.Unclassifiable or WfdbAnnotationCode.Paced or WfdbAnnotationCode.PacedFusion or WfdbAnnotationCode.Learning => BeatLabel.Q,
        _ => BeatLabel.O,
    };

    /// <summary>The code that a class is written with.</summary>
    public static WfdbAnnotationCode Code(this BeatClass beat) => beat switch
    {
        BeatClass.N => WfdbAnnotationCode.Normal,
        BeatClass.S => WfdbAnnotationCode.SupraventricularPremature,
        BeatClass.V => WfdbAnnotationCode.VentricularPremature,
        BeatClass.F => WfdbAnnotationCode.VentricularFusion,
        _ => WfdbAnnotationCode.Unclassifiable,
    };
}
