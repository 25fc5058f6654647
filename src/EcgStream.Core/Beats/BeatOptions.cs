using System.ComponentModel.DataAnnotations;

namespace EcgStream.Core.Beats;

/// <summary>Which models decide the class of a beat, and how long is waited for them. Bound from configuration.</summary>
public sealed class BeatOptions
{
    public const string SectionName = "Beats";

    /// <summary>Model of beats that are seen in two leads. When no model of this name is loaded, the other one looks at them.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Model2Lead { get; set; } = "beat-2lead";

    /// <summary>Model of beats that are seen in one lead. When neither is loaded, beats are of class Q.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Model1Lead { get; set; } = "beat-1lead";

    /// <summary>
    /// How long the next beats of a device wait for a result that is under way, from the time its window was queued on. Then the beat is of class Q, counted. Longer: a
    /// stalled model delays the rules that count beats; shorter: a busy one loses classes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan ResultTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
