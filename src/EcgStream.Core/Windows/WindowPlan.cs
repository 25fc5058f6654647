namespace EcgStream.Core.Windows;

/// <summary>
/// The models' recipes, checked against the options once, with the pools that their windows are rented from. Immutable; any thread.
/// </summary>
public sealed class WindowPlan
{
    /// <param name="options">Validated options.</param>
    /// <param name="pools">One pool per model.</param>
    /// <exception cref="ArgumentException">The options are out of range, or a recipe is not possible under them; the message names the model and the limit.</exception>
    public WindowPlan(WindowOptions options, IReadOnlyList<RhythmWindowPool> pools)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pools);
        if (options.HopSamples < 1 || options.LengthSamples < 1 || options.Problems().FirstOrDefault() is not null)
        {
            throw new ArgumentException(options.Problems().FirstOrDefault() ?? $"{WindowOptions.SectionName}: length and hop must be above 0", nameof(options));
        }

        foreach (var pool in pools)
        {
            _ = new WindowPreparer(pool.Recipe);
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
    }

    public int HopSamples { get; }

    /// <summary>Samples per lead that every session keeps.</summary>
    public int RingSamples { get; }

    public IReadOnlyList<RhythmWindowPool> Pools { get; }

    public IReadOnlyList<WindowRecipe> Recipes { get; }
}
