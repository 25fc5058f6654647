namespace EcgStream.Evaluation.Contests;

/// <summary>Puts answers beside their reference by id. Anything that is on one side only is an error: a score over a part would be another score.</summary>
internal static class AnswerPairs
{
    private const int ToldAtMost = 20;

    /// <param name="answers">What was predicted.</param>
    /// <param name="reference">What is true.</param>
    /// <param name="faults">One text per id that lacks its partner, with file and line; empty exactly when rows are returned.</param>
    /// <returns>In the order of the reference.</returns>
    public static ScoredAnswer[] Of(AnswerFile answers, AnswerFile reference, out IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(reference);
        var found = new List<string>();
        if (!answers.Labels.SequenceEqual(reference.Labels, StringComparer.Ordinal))
        {
            found.Add($"{answers.Path} answers {string.Join(", ", answers.Labels)}; {reference.Path} holds {string.Join(", ", reference.Labels)}");
        }

        var byId = answers.Rows.ToDictionary(row => row.Id, StringComparer.Ordinal);
        var known = reference.Rows.Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        found.AddRange(reference.Rows.Where(row => !byId.ContainsKey(row.Id)).Select(row => $"{answers.Path}: no row for '{row.Id}' ({reference.Path}, line {row.Line})"));
        found.AddRange(answers.Rows.Where(row => !known.Contains(row.Id)).Select(row => $"{answers.Path}, line {row.Line}: '{row.Id}' is not in {reference.Path}"));
        faults = found.Count <= ToldAtMost ? found : [.. found.Take(ToldAtMost), $"and {found.Count - ToldAtMost} more"];
        return found.Count > 0 ? [] : [.. reference.Rows.Select(row => ScoredAnswer.Of(row, byId[row.Id]))];
    }
}
