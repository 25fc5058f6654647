namespace EcgStream.Core.Windows;

/// <summary>One step that turns filtered samples into a model's input; the step's constants come from the model card.</summary>
public abstract record WindowStep
{
    private WindowStep() { }

    /// <summary>Keeps samples <c>Offset, Offset + Factor, …</c> of every lead.</summary>
    public sealed record Decimate(int Factor, int Offset) : WindowStep;

    /// <summary>Multiplies every sample.</summary>
    public sealed record Scale(float Factor) : WindowStep;

    /// <summary>(x − mean) / (standard deviation + <paramref name="Epsilon"/>), population deviation, over each lead or over the whole record.</summary>
    public sealed record ZScore(ZScoreAxis Axis, double Epsilon) : WindowStep;

    /// <summary>Limits every sample to a range.</summary>
    public sealed record Clip(float Min, float Max) : WindowStep;

    /// <summary>Brings every lead to a range: its lowest sample to <paramref name="Low"/>, its highest to <paramref name="High"/>; a flat one to <paramref name="Low"/>. Beats only.</summary>
    public sealed record MinMax(float Low, float High) : WindowStep;

    /// <summary>Continues every lead to a length; the last step, beats only.</summary>
    public sealed record Pad(int Samples, float Value) : WindowStep;
}
