using EcgStream.Core.Beats;

namespace EcgStream.Inference.Cards;

/// <summary>What must hold of a card of single beats, and what only such a card may say.</summary>
internal static class BeatCardRules
{
    public static void Check(ModelCard card, CardErrors errors)
    {
        if (card.Task == ModelTask.Rhythm)
        {
            CheckRhythm(card, errors);
            return;
        }

        if (!card.Input.TakesAnyLead)
        {
            errors.Add("$.input.leads", string.Join(", ", card.Input.Leads), "[\"any\"] or [\"any\", \"any\"]: the leads of a beat are chosen by their quality");
        }

        if (card.WindowSteps is not [CardWindowStep.CutFixed or CardWindowStep.CutRr, ..])
        {
            errors.Add("$.preprocessing.window", $"{card.WindowSteps.Count} steps", "the step cut first");
        }

        var unknown = (card.Input.Features?.List ?? []).FirstOrDefault(name => !BeatFeatures.TryParse(name, out _));
        if (unknown is not null)
        {
            errors.Add("$.input.features.list", unknown, string.Join(", ", BeatFeatures.Names));
        }

        if (errors.All.Count == 0 && BeatPreparer.Problem(card.ToRecipe(), card.ToRecipe().Beat!) is { } problem)
        {
            errors.Add("$.preprocessing.window", problem, "steps that make the input of the cut");
        }
    }

    private static void CheckRhythm(ModelCard card, CardErrors errors)
    {
        if (card.Input.Template || card.Input.Features is not null)
        {
            errors.Add("$.input", "template or features", "neither: they belong to models of single beats");
        }

        if (card.Input.Leads.Count == 2 && card.Input.TakesAnyLead)
        {
            errors.Add("$.input.leads", "any, any", "[\"any\"] alone: two leads that are chosen belong to models of single beats");
        }

        foreach (var step in card.WindowSteps)
        {
            if (step is CardWindowStep.CutFixed or CardWindowStep.CutRr or CardWindowStep.MinMax or CardWindowStep.Pad)
            {
                errors.Add("$.preprocessing.window", step.GetType().Name, "no step of single beats in a model of rhythm windows");
            }
        }
    }
}
