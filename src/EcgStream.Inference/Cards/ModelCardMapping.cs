using EcgStream.Core.Alarms;
using EcgStream.Core.Beats;
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
        // Likewise the cut of a beat.
        var steps = card.WindowSteps.Where(step => step is not (CardWindowStep.SelectLeads or CardWindowStep.CutFixed or CardWindowStep.CutRr)).Select(ToStep);
        return new WindowRecipe(card.Name, leads, sourceSamples, [.. steps], card.Input.Samples) { Beat = card.Task == ModelTask.Beat ? ToBeat(card, sourceSamples) : null };
    }

    private static BeatRecipe ToBeat(ModelCard card, int sourceSamples)
    {
        BeatCut cut = (card.WindowSteps.Count > 0 ? card.WindowSteps[0] : null) switch
        {
            CardWindowStep.CutFixed exact => new BeatCut.Fixed(Samples(exact.BeforeSeconds, card), Samples(exact.AfterSeconds, card)),
            CardWindowStep.CutRr share => new BeatCut.RrShare(share.Share, share.MedianOf, sourceSamples),
            var other => throw new ArgumentException($"Not a cut of beats: {other}", nameof(card)),
        };
        return new BeatRecipe(
            cut,
            card.Input.Leads.Count,
            card.Input.Template,
            [.. (card.Input.Features?.List ?? []).Select(name => BeatFeatures.TryParse(name, out var feature) ? feature : throw new ArgumentException($"Not a feature: {name}", nameof(card)))]);
    }

    private static int Samples(double seconds, ModelCard card) => (int)Math.Round(seconds * card.Input.SourceRateHz);

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
        CardWindowStep.MinMax range => new WindowStep.MinMax((float)range.Low, (float)range.High),
        CardWindowStep.Pad pad => new WindowStep.Pad(pad.Samples, (float)pad.Value),
        CardWindowStep.Clip clip => new WindowStep.Clip((float)clip.Min, (float)clip.Max),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Not a step of a window"),
    };
}
