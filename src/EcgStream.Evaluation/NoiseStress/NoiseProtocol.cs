namespace EcgStream.Evaluation.NoiseStress;

/// <summary>When noise is added: from 5 minutes on, two minutes with and two without by turns, to the end.</summary>
internal static class NoiseProtocol
{
    public const double CleanSeconds = 300;
    public const double TurnSeconds = 120;

    public static bool IsNoisy(double seconds) => seconds >= CleanSeconds && (int)((seconds - CleanSeconds) / TurnSeconds) % 2 == 0;
}
