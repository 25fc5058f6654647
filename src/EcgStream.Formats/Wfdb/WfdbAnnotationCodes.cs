namespace EcgStream.Formats.Wfdb;

/// <summary>The one-character symbols of annotation codes, and which codes are beats.</summary>
public static class WfdbAnnotationCodes
{
    public const int Max = 49;

    // By code; '\0' where WFDB defines none. The order is that of ecgmap.h.
    private const string Symbols = " NLRaVFJASEj/Q~\0|\0sT*D\"=pB^t+u?![]en@xf()r\0\0\0\0\0\0\0\0";

    /// <summary>The symbol, e.g. <c>V</c>; null for codes without one.</summary>
    public static char? Symbol(this WfdbAnnotationCode code) =>
        (int)code is >= 0 and <= Max && Symbols[(int)code] != '\0' ? Symbols[(int)code] : null;

    /// <summary>True for codes that mark a QRS complex, whatever its kind.</summary>
    public static bool IsBeat(this WfdbAnnotationCode code) => code is
        (>= WfdbAnnotationCode.Normal and <= WfdbAnnotationCode.Unclassifiable)
        or WfdbAnnotationCode.BundleBranchBlock
        or WfdbAnnotationCode.Learning
        or WfdbAnnotationCode.AtrialEscape
        or WfdbAnnotationCode.SupraventricularEscape
        or WfdbAnnotationCode.PacedFusion
        or WfdbAnnotationCode.ROnT;

    public static bool TryParse(char symbol, out WfdbAnnotationCode code)
    {
        int index = symbol == '\0' ? -1 : Symbols.IndexOf(symbol, StringComparison.Ordinal);
        code = (WfdbAnnotationCode)Math.Max(index, 0);
        return index >= 0;
    }
}
