using EcgStream.Core.Alarms;
using EcgStream.Daemon.Alarms;
using EcgStream.Inference.Batching;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// A model that fails or is behind: what it would have told is not told, and an alarm says so. Medium, for arrhythmia
/// analysis is reduced while it lasts; low for an optional model, beside which the others go on.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="decidesBeats">Whether the class of beats comes from it.</param>
internal sealed class ModelFault(ModelBatcher model, bool decidesBeats) : IDaemonFault
{
    public AlarmCondition Condition => AlarmCondition.ModelNotAnswering;

    public string Source { get; } = "model/" + model.Model.Name;

    public AlarmPriority Priority => model.IsOptional ? AlarmPriority.Low : AlarmPriority.Medium;

    public string? Describe()
    {
        var state = model.Status.State;
        return state == ModelState.Answering ? null
            : decidesBeats ? $"Beats are not classified: {Text(state)}; rates, pauses and wide waves are watched"
            : $"Results are missing: {Text(state)}";
    }

    private string Text(ModelState state) =>
        $"model {model.Model.Name} {(state == ModelState.Failed ? "fails" : "is behind")}";
}
