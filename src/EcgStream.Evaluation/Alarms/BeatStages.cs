using EcgStream.Evaluation.Beats;
using EcgStream.Evaluation.Ec57;

namespace EcgStream.Evaluation.Alarms;

/// <summary>What classifies beats: the models that are shipped, or those of another folder.</summary>
internal static class BeatStages
{
    /// <exception cref="Inference.Models.ModelLoadException">A model is there and cannot be run as its card says.</exception>
    public static IBeatStageFactory In(string? folder)
    {
        folder ??= ModelBeatStages.ShippedFolder;
        return ModelBeatStages.AreIn(folder) ? new ModelBeatStages(folder) : new DetectorOnlyStages();
    }
}
