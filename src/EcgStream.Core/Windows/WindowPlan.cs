using EcgStream.Core.Beats;

namespace EcgStream.Core.Windows;

/// <summary>
/// The models' recipes, checked against the options once, with the pools that their windows are rented from. Immutable; any thread.
/// </summary>
public sealed class WindowPlan
{
    /// <param name="options">Validated options.</param>
    /// <param name="pools">One pool per model.</param>
    /// <param name="beats">Which models decide the class of a beat; null = the default names.</param>
    /// <exception cref="ArgumentException">The options are out of range, or a recipe is not possible under them; the message names the model and the limit.</exception>
    public WindowPlan(WindowOptions options, IReadOnlyList<RhythmWindowPool> pools, BeatOptions? beats = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pools);
        if (options.HopSamples < 1 || options.LengthSamples < 1 || options.Problems().FirstOrDefault() is not null)
        {
            throw new ArgumentException(options.Problems().FirstOrDefault() ?? $"{WindowOptions.SectionName}: length and hop must be above 0", nameof(options));
        }

        foreach (var pool in pools)
        {
            _ = pool.Recipe.Beat is null ? (object)new WindowPreparer(pool.Recipe) : new BeatPreparer(pool.Recipe);
            if (pool.Recipe.SourceSamples > options.LengthSamples)
            {
                throw new ArgumentException(
                    $"Model {pool.Recipe.Model} takes windows of {pool.Recipe.SourceSamples} samples, {WindowOptions.SectionName}:{nameof(WindowOptions.Length)} allows {options.LengthSamples}",
                    nameof(pools));
            }
        }

        HopSamples = options.HopSamples;
        RingSamples = options.LengthSamples;
        Pools = [.. pools];
        Recipes = [.. pools.Select(pool => pool.Recipe)];
        beats ??= new BeatOptions();
        TwoLeadBeats = Deciding(beats.Model2Lead, nameof(beats.Model2Lead), 2);
        OneLeadBeats = Deciding(beats.Model1Lead, nameof(beats.Model1Lead), 1);
    }

    /// <summary>The recipe whose model decides the class of a beat that is seen in two leads; null when no such model is loaded.</summary>
    public WindowRecipe? TwoLeadBeats { get; }

    /// <summary>The same for a beat that is seen in one lead.</summary>
    public WindowRecipe? OneLeadBeats { get; }

    /// <summary>Whether a recipe's model decides the class of beats.</summary>
    public bool DecidesBeats(WindowRecipe recipe) => recipe.Beat is not null && (ReferenceEquals(recipe, TwoLeadBeats) || ReferenceEquals(recipe, OneLeadBeats));

    public int HopSamples { get; }

    /// <summary>Samples that every session keeps of each lead that windows are cut from.</summary>
    public int RingSamples { get; }

    public IReadOnlyList<RhythmWindowPool> Pools { get; }

    public IReadOnlyList<WindowRecipe> Recipes { get; }

    private WindowRecipe? Deciding(string model, string setting, int leads)
    {
        var recipe = Recipes.FirstOrDefault(recipe => recipe.Model == model);
        return recipe is null || recipe.Beat?.LeadCount == leads
            ? recipe
            : throw new ArgumentException($"{BeatOptions.SectionName}:{setting} is {model}, which is no model of single beats in {leads} lead(s)", nameof(model));
    }
}
