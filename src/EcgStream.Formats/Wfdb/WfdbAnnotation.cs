namespace EcgStream.Formats.Wfdb;

/// <summary>One annotation of a recording.</summary>
/// <param name="SampleIndex">Sample of the recording, counted from 0.</param>
/// <param name="Code">What is annotated.</param>
/// <param name="SubType">Refines the code, −128 to 127; 0 where unused.</param>
/// <param name="Channel">Signal that the annotation belongs to.</param>
/// <param name="Number">The annotator's own number, −128 to 127.</param>
/// <param name="Auxiliary">Text such as <c>(AFIB</c> of a rhythm change; null where there is none.</param>
public readonly record struct WfdbAnnotation(
    long SampleIndex, WfdbAnnotationCode Code, sbyte SubType = 0, byte Channel = 0, sbyte Number = 0, string? Auxiliary = null)
{
    public bool IsBeat => Code.IsBeat();
}
