using EcgStream.Core.Alarms;
using EcgStream.Core.Results;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Inference.Cards;

/// <summary>What a valid card means to the rest of the daemon.</summary>
public static class ModelCardMapping
{
    /// <summary>How the windower prepares this model's windows. The card must be valid.</summary>
    public static WindowRecipe ToRecipe(this ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        IReadOnlyList<Lead> leads = card.Input.TakesAnyLead
            ? []
            : [.. card.Input.Leads.Select(name => LeadNames.TryParse(name, out var lead) ? lead : throw new ArgumentException($"Not a lead: {name}", nameof(card)))];
        var sourceSamples = (int)Math.Round(card.Input.WindowSeconds * card.Input.SourceRateHz);

        // Which leads, and in which order, is the recipe itself; the step that repeats it is left out.
        var steps = card.WindowSteps.Where(step => step is not CardWindowStep.SelectLeads).Select(ToStep);
        return new WindowRecipe(card.Name, leads, sourceSamples, [.. steps], card.Input.Samples);
    }

    public static ModelIdentity ToIdentity(this ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return new ModelIdentity(card.Name, card.Version, [.. card.Output.Labels.Select(ToLabel)]);
    }

    private static ModelLabel ToLabel(CardLabel label) => new(label.Name, label.Snomed, label.Abnormal, label.AlarmPriority switch
    {
        null or CardLabel.NoAlarm => null,
        "low" => AlarmPriority.Low,
        "medium" => AlarmPriority.Medium,
        "high" => AlarmPriority.High,
        _ => throw new ArgumentOutOfRangeException(nameof(label), label.AlarmPriority, "Not a priority"),
    }, label.RaisesAlarm);

    private static WindowStep ToStep(CardWindowStep step) => step switch
    {
        CardWindowStep.Decimate decimate => new WindowStep.Decimate(decimate.Factor, decimate.Offset),
        CardWindowStep.Scale scale => new WindowStep.Scale((float)scale.Factor),
        CardWindowStep.ZScore zscore => new WindowStep.ZScore(zscore.Axis, zscore.Epsilon),
        CardWindowStep.Clip clip => new WindowStep.Clip((float)clip.Min, (float)clip.Max),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Not a step of a window"),
    };
}
