using EcgStream.Evaluation.Ec57;

namespace EcgStream.Evaluation.Alarms;

/// <summary>What classifies beats here.</summary>
internal static class BeatStages
{
    public static IBeatStageFactory Available() => new DetectorOnlyStages();
}
