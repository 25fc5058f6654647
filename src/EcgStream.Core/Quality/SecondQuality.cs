namespace EcgStream.Core.Quality;

/// <summary>What was wrong with the leads in one second of signal, as lead bits (<c>1 &lt;&lt; (int)Lead</c>).</summary>
/// <param name="Flat">Moved less than 20 µV.</param>
/// <param name="Saturated">At the end of the digital range for more than 1 % of the time.</param>
/// <param name="Noisy">Energy above the band of the ECG: muscle, mains.</param>
/// <param name="Wandering">The baseline moved by more than 1 mV; the filter takes most of that out, so it does not make a lead unusable.</param>
public readonly record struct SecondQuality(uint Flat, uint Saturated, uint Noisy, uint Wandering)
{
    /// <summary>Did not move by a microvolt: no electrode on a skin is so quiet. Part of <see cref="Flat"/>.</summary>
    public uint Dead { get; init; }

    /// <summary>Leads that a model or a clinician should not trust for that second.</summary>
    public uint Poor => Flat | Saturated | Noisy;
}
