using EcgStream.Core.Beats;
using EcgStream.Core.Windows;

namespace EcgStream.Evaluation.Beats;

/// <summary>The inputs of the shipped beat models before their graphs: lead rows, template rows, every feature that so many leads have.</summary>
internal static class BeatSetRecipes
{
    public static WindowRecipe Of(int leads) => new(
        leads == 2 ? "beat-2lead" : "beat-1lead",
        [],
        BeatFrame.BeforeSamples + BeatFrame.AfterSamples,
        [new WindowStep.Decimate(BeatFrame.Factor, 0)],
        BeatFrame.Length)
    {
        Beat = new BeatRecipe(
            new BeatCut.Fixed(BeatFrame.BeforeSamples, BeatFrame.AfterSamples),
            leads,
            Template: true,
            [.. Enum.GetValues<BeatFeature>().Where(feature => leads == 2 || !feature.NeedsSecondLead())]),
    };
}
