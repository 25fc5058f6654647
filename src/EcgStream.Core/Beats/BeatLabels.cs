using EcgStream.Core.Results;

namespace EcgStream.Core.Beats;

/// <summary>What the labels of a model of beats mean.</summary>
public static class BeatLabels
{
    /// <summary>The class that a result chose; Q when its label is the name of none.</summary>
    public static BeatClass ClassOf(RhythmResult result, out float probability)
    {
        ArgumentNullException.ThrowIfNull(result);
        probability = result.Scores[result.PredictedIndex];
        return ClassOf(result.Model.Labels[result.PredictedIndex].Name);
    }

    /// <summary>The class of a label's name; Q when it is the name of none.</summary>
    public static BeatClass ClassOf(string label) => label switch
    {
        "N" => BeatClass.N,
        "S" => BeatClass.S,
        "V" => BeatClass.V,
        "F" => BeatClass.F,
        _ => BeatClass.Q,
    };
}
