using EcgStream.Core.Windows;

namespace EcgStream.Inference.Cards;

/// <summary>One step over a window, as the card says it.</summary>
public abstract record CardWindowStep
{
    private CardWindowStep() { }

    /// <summary>Takes these leads, in this order; only as the first step, where it says what the input says.</summary>
    public sealed record SelectLeads(IReadOnlyList<string> Leads) : CardWindowStep;

    /// <summary>Keeps every <paramref name="Factor"/>th sample from <paramref name="Offset"/> on.</summary>
    public sealed record Decimate(int Factor, int Offset) : CardWindowStep;

    public sealed record Scale(double Factor) : CardWindowStep;

    public sealed record ZScore(ZScoreAxis Axis, double Epsilon) : CardWindowStep;

    public sealed record Clip(double Min, double Max) : CardWindowStep;

    /// <summary>Samples around the R peak; only as the first step, and of beats.</summary>
    public sealed record CutFixed(double BeforeSeconds, double AfterSeconds) : CardWindowStep;

    /// <summary>From the R peak on for a share of the median RR interval; only as the first step, and of beats.</summary>
    public sealed record CutRr(double Share, int MedianOf) : CardWindowStep;

    /// <summary>Brings every lead to a range; beats only.</summary>
    public sealed record MinMax(double Low, double High) : CardWindowStep;

    /// <summary>Continues every lead to a length; the last step, beats only.</summary>
    public sealed record Pad(int Samples, double Value) : CardWindowStep;
}
