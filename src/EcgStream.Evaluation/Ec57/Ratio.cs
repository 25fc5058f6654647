using System.Globalization;

namespace EcgStream.Evaluation.Ec57;

/// <summary>A share of counts; undefined where there is nothing to take a share of.</summary>
internal readonly record struct Ratio(long Of, long Total)
{
    /// <summary>0 to 100; null where undefined.</summary>
    public double? Percent => Total > 0 ? 100.0 * Of / Total : null;

    public override string ToString() => Percent is { } percent ? percent.ToString("0.00", CultureInfo.InvariantCulture) : "-";
}
