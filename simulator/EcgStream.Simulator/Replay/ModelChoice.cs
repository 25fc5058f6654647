namespace EcgStream.Simulator.Replay;

/// <summary>
/// Which model's results count when none is named: of those that answered the first record, one whose labels are normal and abnormal, else
/// one that says 12 leads in its name, else the first by name. Chosen once per replay.
/// </summary>
internal sealed class ModelChoice(string? named)
{
    private readonly Lock _gate = new();
    private string? _chosen = named;

    /// <summary>Null until it is chosen.</summary>
    public string? Model
    {
        get
        {
            lock (_gate)
            {
                return _chosen;
            }
        }
    }

    public string? Choose(IReadOnlyList<(string Model, IReadOnlyList<string> Labels)> answered)
    {
        lock (_gate)
        {
            return _chosen ??= answered
                .OrderByDescending(model => IsTwoClass(model.Labels))
                .ThenByDescending(model => model.Model.Contains("12", StringComparison.Ordinal))
                .ThenBy(model => model.Model, StringComparer.Ordinal)
                .Select(model => model.Model)
                .FirstOrDefault();
        }
    }

    private static bool IsTwoClass(IReadOnlyList<string> labels) =>
        labels.Contains(LabelNames.Normal, StringComparer.OrdinalIgnoreCase) && labels.Contains(LabelNames.Abnormal, StringComparer.OrdinalIgnoreCase);
}
