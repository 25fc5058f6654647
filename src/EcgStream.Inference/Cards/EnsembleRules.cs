using System.Globalization;

namespace EcgStream.Inference.Cards;

/// <summary>Holds members, vote, snap and thresholds of a card against the rest of it, and a member's card against that of its ensemble.</summary>
internal static class EnsembleRules
{
    /// <summary>What the card says of itself.</summary>
    public static void Check(ModelCard card, CardErrors errors)
    {
        CheckMembers(card, errors);
        CheckVote(card, errors);
        CheckHash(card, errors);
        if (card.Postprocessing is { Clip: not null, Snap: not null })
        {
            errors.Add("$.postprocessing.snap", "beside a clip", "clip or snap, not both: within the bounds of one the other has nothing to do");
        }

        foreach (var name in card.LabelThresholds.Keys)
        {
            if (card.Output.Kind != ScoreKind.Sigmoid)
            {
                errors.Add($"$.thresholds.labels.{name}", "a label's own threshold", "none for softmax: its labels exclude one another");
            }
            else if (card.Output.Labels.All(label => label.Name != name))
            {
                errors.Add($"$.thresholds.labels.{name}", $"\"{name}\"", $"a label of $.output.labels: {string.Join(", ", card.Output.Labels.Select(label => label.Name))}");
            }
        }
    }

    /// <summary>What a member's card says otherwise than that of its ensemble; all see the same window, and their scores are put side by side.</summary>
    public static void CheckMember(ModelCard ensemble, ModelCard member, CardErrors errors)
    {
        if (member.Members.Count > 0)
        {
            errors.Add("$.members", string.Join(", ", member.Members), "[]: a member has no members");
        }

        if (member.Task != ensemble.Task)
        {
            errors.Add("$.task", $"{member.Task}", $"{ensemble.Task}, as the ensemble says");
        }

        CheckInput(ensemble.Input, member.Input, errors);
        CheckSteps("$.preprocessing.stream", ensemble.StreamSteps, member.StreamSteps, AreEqual, errors);
        CheckSteps("$.preprocessing.window", ensemble.WindowSteps, member.WindowSteps, AreEqual, errors);
        if (member.Output.Kind != ensemble.Output.Kind)
        {
            errors.Add("$.output.kind", $"{member.Output.Kind}", $"{ensemble.Output.Kind}, as the ensemble says");
        }

        CheckSteps("$.output.labels", ensemble.Output.Labels, member.Output.Labels, (own, other) => own == other, errors);
    }

    /// <summary>What the graph of a stack must be.</summary>
    public static void CheckStack(ModelCard ensemble, CardVote.Stack stack, ModelShape shape, CardErrors errors)
    {
        var labels = ensemble.Output.Labels.Count;
        int[] input = [-1, ensemble.Members.Count * labels];
        int[] output = [-1, labels];
        if (shape.Inputs.Count != 1 || !shape.Inputs[0].IsFloat32 || !shape.Inputs[0].Dimensions.SequenceEqual(input))
        {
            errors.Add("$.postprocessing.vote.model", $"{stack.Model} takes {string.Join("; ", shape.Inputs)}", $"one input [{string.Join(", ", input)}] float32: the members' scores");
        }

        if (shape.Outputs.FirstOrDefault(tensor => tensor.Name == ensemble.Output.Name) is not { IsFloat32: true } scores || !scores.Dimensions.SequenceEqual(output))
        {
            errors.Add("$.postprocessing.vote.model", $"{stack.Model} gives {string.Join("; ", shape.Outputs)}", $"{ensemble.Output.Name} [{string.Join(", ", output)}] float32");
        }
    }

    private static void CheckMembers(ModelCard card, CardErrors errors)
    {
        if (card.Members.Count == 1)
        {
            errors.Add("$.members", card.Members[0], "none, or two and more");
        }

        for (var index = 0; index < card.Members.Count; index++)
        {
            var member = card.Members[index];
            if (!member.Any(char.IsAsciiLetterOrDigit) || member.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')))
            {
                errors.Add($"$.members[{index}]", $"\"{member}\"", "the name of a folder below the card's own: letters, digits, '-', '_' and '.'");
            }
            else if (card.Members.Take(index).Contains(member, StringComparer.Ordinal))
            {
                errors.Add($"$.members[{index}]", $"\"{member}\"", "no member twice");
            }
        }
    }

    private static void CheckVote(ModelCard card, CardErrors errors)
    {
        const string Path = "$.postprocessing.vote";
        if (card.Postprocessing.Vote is null == card.Members.Count > 0)
        {
            errors.Add(Path, card.Members.Count > 0 ? "none" : "a vote", card.Members.Count > 0 ? "how the members vote: mean, ordered or stack" : "none: the card has no members");
            return;
        }

        switch (card.Postprocessing.Vote)
        {
            case CardVote.Ordered ordered:
                if (card.Output.Kind != ScoreKind.Softmax)
                {
                    errors.Add(Path + ".kind", "ordered", "mean or stack: labels of a sigmoid do not exclude one another");
                }

                if (!ordered.Order.Order().SequenceEqual(Enumerable.Range(0, card.Output.Labels.Count)))
                {
                    errors.Add(Path + ".order", $"[{string.Join(", ", ordered.Order)}]", string.Create(CultureInfo.InvariantCulture, $"each of 0 to {card.Output.Labels.Count - 1} once"));
                }

                if (ordered.Threshold >= 1)
                {
                    errors.Add(Path + ".threshold", "1", "below 1: no probability is above");
                }

                break;
            case CardVote.Stack stack when stack.Model.Length <= ".onnx".Length || !stack.Model.EndsWith(".onnx", StringComparison.Ordinal)
                || stack.Model.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')):
                errors.Add(Path + ".model", $"\"{stack.Model}\"", "the name of an .onnx file beside the card");
                break;
        }
    }

    private static void CheckHash(ModelCard card, CardErrors errors)
    {
        const string Path = "$.provenance.sha256";
        var hash = card.Provenance.Sha256;
        if (card.Members.Count > 0 && card.Postprocessing.Vote is not CardVote.Stack)
        {
            if (hash is not null)
            {
                errors.Add(Path, $"\"{hash}\"", "null: the ensemble has no graph of its own, and its members' cards have theirs");
            }
        }
        else if (hash is not { Length: 64 } || hash.Any(character => !char.IsAsciiHexDigitLower(character)))
        {
            errors.Add(Path, hash is null ? "null" : $"\"{hash}\"", "64 lower-case hexadecimal digits");
        }
    }

    private static void CheckInput(CardInput ensemble, CardInput member, CardErrors errors)
    {
        if (!member.Leads.SequenceEqual(ensemble.Leads, StringComparer.Ordinal))
        {
            errors.Add("$.input.leads", string.Join(", ", member.Leads), $"{string.Join(", ", ensemble.Leads)}, as the ensemble says");
        }

        if (!(member.Features?.List ?? []).SequenceEqual(ensemble.Features?.List ?? [], StringComparer.Ordinal))
        {
            errors.Add("$.input.features", string.Join(", ", member.Features?.List ?? []), $"[{string.Join(", ", ensemble.Features?.List ?? [])}], as the ensemble says");
        }

        // Everything but the tensors' names, which are each graph's own.
        var same = ensemble with { Name = member.Name, Leads = member.Leads, Features = member.Features };
        if (member != same)
        {
            errors.Add("$.input", $"{member}", $"{same}, as the ensemble says");
        }
    }

    private static void CheckSteps<T>(string path, IReadOnlyList<T> ensemble, IReadOnlyList<T> member, Func<T, T, bool> equal, CardErrors errors)
    {
        if (ensemble.Count != member.Count)
        {
            errors.Add(path, string.Create(CultureInfo.InvariantCulture, $"{member.Count} of them"), string.Create(CultureInfo.InvariantCulture, $"the {ensemble.Count} of the ensemble"));
            return;
        }

        for (var index = 0; index < ensemble.Count; index++)
        {
            if (!equal(ensemble[index], member[index]))
            {
                errors.Add($"{path}[{index}]", $"{member[index]}", $"{ensemble[index]}, as the ensemble says");
            }
        }
    }

    // Records compare their lists by identity.
    private static bool AreEqual(CardWindowStep own, CardWindowStep other) => (own, other) switch
    {
        (CardWindowStep.SelectLeads left, CardWindowStep.SelectLeads right) => left.Leads.SequenceEqual(right.Leads, StringComparer.Ordinal),
        _ => own == other,
    };

    private static bool AreEqual(StreamStep own, StreamStep other) => (own, other) switch
    {
        (StreamStep.SosFilter left, StreamStep.SosFilter right) => left.SampleRateHz == right.SampleRateHz && left.Initial == right.Initial
            && left.Sections.Count == right.Sections.Count && left.Sections.Zip(right.Sections).All(pair => pair.First.SequenceEqual(pair.Second)),
        _ => own == other,
    };
}
