using EcgStream.Core.Beats;

namespace EcgStream.Evaluation.Ec57;

/// <summary>Opens a stage per record. Any thread.</summary>
internal interface IBeatStageFactory
{
    /// <summary>What classifies, for the report: model and version, or that nothing does.</summary>
    string Name { get; }

    /// <param name="onBeat">Gets each beat once, in the order of the R peaks.</param>
    IBeatStage Open(Action<ClassifiedBeat> onBeat);
}
