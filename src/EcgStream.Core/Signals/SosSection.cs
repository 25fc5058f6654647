namespace EcgStream.Core.Signals;

/// <summary>One second-order section, normalized to a0 = 1: H(z) = (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²).</summary>
public readonly record struct SosSection(double B0, double B1, double B2, double A1, double A2)
{
    /// <summary>Gain for a signal that does not change.</summary>
    public double DcGain => (B0 + B1 + B2) / (1 + A1 + A2);
}
