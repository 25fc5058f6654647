namespace EcgStream.Simulator.Replay;

/// <summary>Labels of label files and of models, made comparable.</summary>
public static class LabelNames
{
    public const string Normal = "normal";
    public const string Abnormal = "abnormal";

    /// <summary>0 and 1 of the two-class competitions are normal and abnormal; everything else stays as it is.</summary>
    public static string FromFile(string label) => label switch
    {
        "0" => Normal,
        "1" => Abnormal,
        _ => label,
    };

    /// <summary>Same name whatever its case; a two-class label also matches a model of more classes by whether its prediction is abnormal.</summary>
    public static bool Matches(string label, RecordPrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        if (prediction.Labels.Contains(label, StringComparer.OrdinalIgnoreCase))
        {
            return string.Equals(label, prediction.Label, StringComparison.OrdinalIgnoreCase);
        }

        return string.Equals(label, prediction.Abnormal ? Abnormal : Normal, StringComparison.OrdinalIgnoreCase);
    }
}
