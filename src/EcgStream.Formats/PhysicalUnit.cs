using System.Diagnostics.CodeAnalysis;

namespace EcgStream.Formats;

/// <summary>The unit of samples in a file that does not state it.</summary>
public enum PhysicalUnit
{
    /// <summary>The one in which the samples have the size of a heart's signal, see <see cref="AmplitudeCheck"/>.</summary>
    Auto,
    Millivolts,
    Microvolts,
    Volts,
}

/// <summary>Names of units as files and people write them.</summary>
public static class PhysicalUnits
{
    private static readonly char[] Closers = [')', ']', '}'];

    public static string Symbol(this PhysicalUnit unit) => unit switch
    {
        PhysicalUnit.Millivolts => "mV",
        PhysicalUnit.Microvolts => "µV",
        PhysicalUnit.Volts => "V",
        _ => "auto",
    };

    public static double MillivoltsPerUnit(this PhysicalUnit unit) => unit switch
    {
        PhysicalUnit.Microvolts => 1e-3,
        PhysicalUnit.Volts => 1e3,
        _ => 1,
    };

    /// <summary>Reads mV, uV, µV, microvolts, V, volts and the like, whatever the case: nobody records an ECG in megavolts.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PhysicalUnit unit)
    {
        unit = text?.Trim().ToUpperInvariant() switch
        {
            "MV" or "MILLIVOLT" or "MILLIVOLTS" or "МВ" or "毫伏" => PhysicalUnit.Millivolts,
            "UV" or "µV" or "ΜV" or "MCV" or "MICROVOLT" or "MICROVOLTS" or "MIKROVOLT" or "МКВ" or "微伏" => PhysicalUnit.Microvolts,
            "V" or "VOLT" or "VOLTS" or "伏" => PhysicalUnit.Volts,
            _ => PhysicalUnit.Auto,
        };
        return unit != PhysicalUnit.Auto;
    }

    /// <summary>Cuts a unit off a column's name: <c>II (mV)</c>, <c>V1 [µV]</c>, <c>V1_uV</c>, <c>II/mV</c>.</summary>
    internal static string WithoutUnit(string name, out PhysicalUnit? unit)
    {
        string text = name.Trim().TrimEnd(Closers);
        int at = text.LastIndexOfAny(['(', '[', '{', '_', '/', ' ', ',']);

        // Lead V is no volt: a lone V counts only in brackets.
        bool isUnit = at > 0 && TryParse(text[(at + 1)..], out _);
        isUnit &= text.Length < name.Trim().Length || !text.EndsWith(" V", StringComparison.OrdinalIgnoreCase) && !text.EndsWith("_V", StringComparison.OrdinalIgnoreCase);
        unit = isUnit && TryParse(text[(at + 1)..], out PhysicalUnit found) ? found : null;
        return isUnit ? text[..at].Trim() : name.Trim();
    }
}
