using System.Globalization;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Inference.Cards;

/// <summary>Holds a card against itself, against the daemon's own filter and against its model. Tells all that is wrong, not the first only.</summary>
public static class ModelCardValidator
{
    /// <summary>Rate of the daemon's streams: windows are cut from these.</summary>
    public const int StreamRateHz = 500;

    /// <summary>The same design by another version of the tool differs in the last bits only.</summary>
    private const double CoefficientTolerance = 1e-12;

    /// <summary>What can be said without the model.</summary>
    /// <param name="card">A card as read.</param>
    /// <param name="file">How errors name it.</param>
    /// <param name="folderName">Name of the folder that holds it.</param>
    /// <param name="streamSections">The daemon's own streaming filter.</param>
    public static IReadOnlyList<CardError> ValidateCard(ModelCard card, string file, string folderName, ReadOnlySpan<SosSection> streamSections)
    {
        ArgumentNullException.ThrowIfNull(card);
        var errors = new CardErrors(file);
        CheckIdentity(card, folderName, errors);
        CheckLeads(card, errors);
        CheckStream(card, streamSections, errors);
        CheckWindow(card, errors);
        CheckLabels(card, errors);
        BeatCardRules.Check(card, errors);
        EnsembleRules.Check(card, errors);
        return errors.All;
    }

    /// <summary>What the model says against its card.</summary>
    /// <param name="card">A card as read.</param>
    /// <param name="file">How errors name it.</param>
    /// <param name="shape">Inputs and outputs of the graph.</param>
    public static IReadOnlyList<CardError> ValidateModel(ModelCard card, string file, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(shape);
        var errors = new CardErrors(file);
        int[] input = [-1, card.Input.RowCount, card.Input.Samples];
        var inputs = card.Input.Features is null ? 1 : 2;
        if (shape.Inputs.Count != inputs)
        {
            errors.Add("$.input", $"the model has {shape.Inputs.Count} inputs: {string.Join("; ", shape.Inputs)}", inputs == 1 ? $"the one input {card.Input.Name}" : $"the inputs {card.Input.Name} and {card.Input.Features!.Name}");
        }
        else
        {
            CheckTensor("$.input", card.Input.Name, input, Named(shape, card.Input.Name, 0), errors);
            if (card.Input.Features is { } features)
            {
                CheckTensor("$.input.features", features.Name, [-1, features.List.Count], Named(shape, features.Name, 1), errors);
            }
        }

        int[] output = [-1, card.Output.Labels.Count];
        if (shape.Outputs.FirstOrDefault(tensor => tensor.Name == card.Output.Name) is { } scores)
        {
            CheckTensor("$.output", card.Output.Name, output, scores, errors);
        }
        else
        {
            errors.Add("$.output.name", $"\"{card.Output.Name}\"", $"an output of the model: {string.Join("; ", shape.Outputs)}");
        }

        return errors.All;
    }

    // The order of a graph's inputs means nothing.
    private static TensorShape Named(ModelShape shape, string name, int place) =>
        shape.Inputs.FirstOrDefault(tensor => tensor.Name == name) ?? shape.Inputs[place];

    private static void CheckIdentity(ModelCard card, string folderName, CardErrors errors)
    {
        if (card.Name.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')))
        {
            errors.Add("$.name", $"\"{card.Name}\"", "letters, digits, '-', '_' and '.' only: it is a folder and a metric tag");
        }

        if (card.Name != folderName)
        {
            errors.Add("$.name", $"\"{card.Name}\"", $"the name of its folder, \"{folderName}\"");
        }
    }

    private static void CheckLeads(ModelCard card, CardErrors errors)
    {
        if (card.Input.TakesAnyLead)
        {
            return;
        }

        var seen = new HashSet<Lead>();
        for (var index = 0; index < card.Input.Leads.Count; index++)
        {
            var name = card.Input.Leads[index];
            if (!LeadNames.TryParse(name, out var lead))
            {
                errors.Add($"$.input.leads[{index}]", $"\"{name}\"", "a lead such as II, aVR or V1, or [\"any\"] alone");
            }
            else if (!seen.Add(lead))
            {
                errors.Add($"$.input.leads[{index}]", $"\"{name}\"", "no lead twice");
            }
        }
    }

    private static void CheckStream(ModelCard card, ReadOnlySpan<SosSection> expected, CardErrors errors)
    {
        if (card.StreamSteps is not [StreamStep.DeriveLeads, StreamStep.SosFilter filter])
        {
            errors.Add("$.preprocessing.stream", $"{card.StreamSteps.Count} steps", "derive_leads, then sos_filter: what the daemon does to every stream");
            return;
        }

        if (filter.SampleRateHz != StreamRateHz)
        {
            errors.Add("$.preprocessing.stream[1].sampleRateHz", Text(filter.SampleRateHz), Text(StreamRateHz));
        }

        if (filter.Sections.Count != expected.Length)
        {
            errors.Add("$.preprocessing.stream[1].sections", $"{filter.Sections.Count} sections", $"the {expected.Length} of the daemon's own filter");
            return;
        }

        for (var index = 0; index < expected.Length; index++)
        {
            var section = expected[index];
            double[] own = [section.B0, section.B1, section.B2, 1, section.A1, section.A2];
            var told = filter.Sections[index];
            for (var coefficient = 0; coefficient < own.Length && told.Count == own.Length; coefficient++)
            {
                if (!(Math.Abs(told[coefficient] - own[coefficient]) <= CoefficientTolerance))
                {
                    errors.Add(
                        $"$.preprocessing.stream[1].sections[{index}][{coefficient}]", Text(told[coefficient]), $"{Text(own[coefficient])}, as in the daemon's own filter");
                }
            }
        }
    }

    private static void CheckWindow(ModelCard card, CardErrors errors)
    {
        if (card.Input.SourceRateHz != StreamRateHz)
        {
            errors.Add("$.input.sourceRateHz", Text(card.Input.SourceRateHz), Text(StreamRateHz));
        }

        var exact = card.Input.WindowSeconds * card.Input.SourceRateHz;
        var samples = (int)Math.Round(exact);
        if (Math.Abs(exact - samples) > 1e-6)
        {
            errors.Add("$.input.windowSeconds", Text(card.Input.WindowSeconds), $"a whole number of samples at {Text(card.Input.SourceRateHz)} Hz");
        }

        double rateHz = card.Input.SourceRateHz;
        for (var index = 0; index < card.WindowSteps.Count; index++)
        {
            var path = $"$.preprocessing.window[{index}]";
            switch (card.WindowSteps[index])
            {
                case CardWindowStep.SelectLeads select when index != 0 || !select.Leads.SequenceEqual(card.Input.Leads, StringComparer.Ordinal):
                    errors.Add(path, $"select_leads {string.Join(", ", select.Leads)}", "the leads of $.input.leads, as the first step");
                    break;
                case CardWindowStep.Pad pad:
                    samples = pad.Samples;
                    break;
                case CardWindowStep.Decimate decimate when decimate.Offset >= decimate.Factor:
                    errors.Add(path + ".offset", Text(decimate.Offset), $"below the factor {Text(decimate.Factor)}");
                    break;
                case CardWindowStep.Decimate decimate:
                    samples = (samples - decimate.Offset + decimate.Factor - 1) / decimate.Factor;
                    rateHz /= decimate.Factor;
                    break;
                case CardWindowStep.Scale { Factor: 0 }:
                    errors.Add(path + ".factor", "0", "not 0");
                    break;
                case CardWindowStep.ZScore { Epsilon: <= 0 }:
                    errors.Add(path + ".epsilon", "0", "above 0: a flat lead has no deviation");
                    break;
                case CardWindowStep.Clip clip when clip.Min >= clip.Max:
                    errors.Add(path + ".min", Text(clip.Min), $"below max, {Text(clip.Max)}");
                    break;
            }
        }

        if (samples != card.Input.Samples)
        {
            errors.Add("$.input.samples", Text(card.Input.Samples), $"{Text(samples)}, which is what the window steps leave");
        }

        if (Math.Abs(rateHz - card.Input.SampleRateHz) > 1e-9)
        {
            errors.Add("$.input.sampleRateHz", Text(card.Input.SampleRateHz), $"{Text(rateHz)}, which is what the window steps leave");
        }
    }

    private static void CheckLabels(ModelCard card, CardErrors errors)
    {
        var labels = card.Output.Labels;
        if (card.Output.Kind == ScoreKind.Softmax && labels.Count < 2)
        {
            errors.Add("$.output.labels", $"{labels.Count} label", "two or more for softmax");
        }

        if (labels.Count > 0 && labels.All(label => label.Abnormal))
        {
            errors.Add("$.output.labels", "all abnormal", "at least one that is not: it is predicted below the threshold");
        }

        for (var index = 0; index < labels.Count; index++)
        {
            var label = labels[index];
            if (labels.Take(index).Any(other => other.Name == label.Name))
            {
                errors.Add($"$.output.labels[{index}].name", $"\"{label.Name}\"", "no name twice");
            }

            if (label.Snomed is { } code && code.Any(character => !char.IsAsciiDigit(character)))
            {
                errors.Add($"$.output.labels[{index}].snomed", $"\"{code}\"", "a SNOMED CT concept: digits only, as text");
            }

            if (label.AlarmPriority is not (null or CardLabel.NoAlarm or "low" or "medium" or "high"))
            {
                errors.Add($"$.output.labels[{index}].alarmPriority", $"\"{label.AlarmPriority}\"", "null | none | low | medium | high");
            }
            else if (label.AlarmPriority is not null && !label.Abnormal)
            {
                errors.Add($"$.output.labels[{index}].alarmPriority", $"\"{label.AlarmPriority}\"", "null: the label is not abnormal");
            }
        }
    }

    private static void CheckTensor(string path, string name, int[] expected, TensorShape tensor, CardErrors errors)
    {
        if (tensor.Name != name)
        {
            errors.Add(path + ".name", $"\"{name}\"", $"the model's own name, \"{tensor.Name}\"");
        }

        // The batch dimension must be free: every warmed batch size runs on the same graph.
        if (!tensor.IsFloat32 || !tensor.Dimensions.SequenceEqual(expected))
        {
            errors.Add(path, $"the model has {tensor}", string.Create(CultureInfo.InvariantCulture, $"[{string.Join(", ", expected)}] float32, as the card says"));
        }
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
