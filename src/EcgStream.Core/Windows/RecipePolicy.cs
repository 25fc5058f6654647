using EcgStream.Core.Signals;

namespace EcgStream.Core.Windows;

/// <summary>
/// Which recipes serve a session: every one whose leads the session has (derived leads count), except that a recipe for "any one lead"
/// steps back when a recipe of several leads serves the session already.
/// </summary>
public static class RecipePolicy
{
    private static readonly Lead[] Preferred = [Lead.II, Lead.I, Lead.MLII, Lead.Ecg];

    /// <summary>Whether a recipe serves a session with these leads.</summary>
    public static bool Serves(WindowRecipe recipe, IReadOnlyList<WindowRecipe> all, uint leadsPresent)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(all);
        return recipe.Leads.Count == 0
            ? !all.Any(other => other.Leads.Count > 1 && Has(other, leadsPresent))
            : Has(recipe, leadsPresent);
    }

    /// <summary>The lead that a recipe for "any one lead" takes: II, else I, else MLII, else the one of a single-lead device; none when quality must decide.</summary>
    public static Lead PreferredLead(uint leadsPresent)
    {
        foreach (var lead in Preferred)
        {
            if ((leadsPresent & lead.Bit()) != 0)
            {
                return lead;
            }
        }

        return Lead.None;
    }

    private static bool Has(WindowRecipe recipe, uint leadsPresent) => recipe.Leads.All(lead => (leadsPresent & lead.Bit()) != 0);
}
