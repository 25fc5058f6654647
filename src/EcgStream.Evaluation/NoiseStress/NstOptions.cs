namespace EcgStream.Evaluation.NoiseStress;

/// <summary>What <c>nst</c> was asked for.</summary>
/// <param name="EcgFolder">Where the clean records are.</param>
/// <param name="NoiseFolder">Where the noise records are.</param>
/// <param name="Output">Where annotations and report go; null for none.</param>
/// <param name="Records">Clean records.</param>
/// <param name="Noises">Noise records.</param>
/// <param name="Decibels">Signal-to-noise ratios.</param>
internal sealed record NstOptions(
    string EcgFolder, string NoiseFolder, string? Output, IReadOnlyList<string> Records, IReadOnlyList<string> Noises, IReadOnlyList<double> Decibels, int? Workers);
