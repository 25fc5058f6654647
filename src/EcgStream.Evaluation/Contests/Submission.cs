using System.Globalization;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Sessions;

namespace EcgStream.Evaluation.Contests;

/// <summary>
/// The contests' own answer files, text with LF.
/// Tianchi: <c>id,label_0,label_1,label_2,label_3</c>, probabilities. China: <c>NAME,0</c>, without a header, 1 = abnormal by the card's verdict.
/// AIWIN task 1: <c>name,tag</c>, 1 = abnormal; task 2, for a model of the twelve labels: <c>NAME,1,8</c>, without a header, the codes of the labels found,
/// rising; these are the forms of the contest's own <c>trainreference.csv</c> of the two tasks.
/// </summary>
internal static class Submission
{
    public static string DefaultFile(ContestFormat format) => format switch
    {
        ContestFormat.China => "answers.txt",
        ContestFormat.Aiwin => "answer.csv",
        _ => "submit.csv",
    };

    public static string? Header(ContestFormat format, ModelCard card) => format switch
    {
        ContestFormat.Tianchi => "id,label_0,label_1,label_2,label_3",
        ContestFormat.Aiwin when !HasTwelve(card) => "name,tag",
        _ => null,
    };

    public static string Line(ContestFormat format, ModelCard card, string id, ReadOnlySpan<float> scores)
    {
        if (format == ContestFormat.Tianchi)
        {
            // Decimal: no exponent, which not every reader of CSV takes.
            return FormattableString.Invariant($"{id},{(decimal)scores[0]},{(decimal)scores[1]},{(decimal)scores[2]},{(decimal)scores[3]}");
        }

        return format == ContestFormat.Aiwin && HasTwelve(card)
            ? $"{id},{string.Join(',', CodesFound(card, scores).Select(code => code.ToString(CultureInfo.InvariantCulture)))}"
            : $"{id},{(Verdict.Of(scores, card).Abnormal ? 1 : 0)}";
    }

    /// <summary>Writes the file whole or not at all.</summary>
    public static async Task WriteAsync(string path, IEnumerable<string> lines, CancellationToken cancellation)
    {
        var beside = path + ".part";
        try
        {
            await File.WriteAllTextAsync(beside, string.Concat(lines.Select(line => line + "\n")), cancellation);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    private static bool HasTwelve(ModelCard card) => card.Output.Labels.Count == AiwinLabels.Names.Count;

    /// <summary>
    /// Every label whose probability reaches its threshold; "normal" stands alone in the contest and is left out beside another; where none is found, the label
    /// that stands for the window.
    /// </summary>
    private static SortedSet<int> CodesFound(ModelCard card, ReadOnlySpan<float> scores)
    {
        var labels = card.Output.Labels;
        var found = new SortedSet<int>();
        for (var index = 0; index < labels.Count && card.Output.Kind == ScoreKind.Sigmoid; index++)
        {
            if (scores[index] >= card.ThresholdOf(labels[index]))
            {
                found.Add(AiwinLabels.CodeOf(labels[index].Name));
            }
        }

        if (found.Count > 1)
        {
            found.Remove(AiwinLabels.CodeOf("normal"));
        }

        if (found.Count == 0)
        {
            found.Add(AiwinLabels.CodeOf(labels[Verdict.Of(scores, card).PredictedIndex].Name));
        }

        return found;
    }
}
