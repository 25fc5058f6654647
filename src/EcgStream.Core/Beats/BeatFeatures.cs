using System.Text;

namespace EcgStream.Core.Beats;

/// <summary>Names of beat features as cards write them.</summary>
public static class BeatFeatures
{
    public static readonly int Count = Enum.GetValues<BeatFeature>().Length;

    private static readonly Dictionary<string, BeatFeature> ByName = Enum.GetValues<BeatFeature>().ToDictionary(Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static bool TryParse(string name, out BeatFeature feature) => ByName.TryGetValue(name, out feature);

    /// <summary>Snake case: <c>pre_ratio</c>, <c>irregularity_8</c>, <c>qrs_correlation_1</c>.</summary>
    public static string Name(this BeatFeature feature)
    {
        var name = new StringBuilder();
        var before = '\0';
        foreach (var letter in feature.ToString())
        {
            var begins = char.IsAsciiLetterUpper(letter) || (char.IsAsciiDigit(letter) && !char.IsAsciiDigit(before));
            name.Append(begins && name.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
            before = letter;
        }

        return name.ToString();
    }

    /// <summary>Whether it needs a second lead.</summary>
    public static bool NeedsSecondLead(this BeatFeature feature) => feature >= BeatFeature.QrsCorrelation2;
}
