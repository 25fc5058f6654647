using System.Globalization;

namespace EcgStream.Formats.Csv;

/// <summary>How a table of numbers is written: what separates columns, what separates decimals.</summary>
/// <param name="Separator">Between columns; a blank stands for any number of blanks, NUL for one column.</param>
/// <param name="Decimal">Point or comma; the other one may group thousands.</param>
internal readonly record struct CsvDialect(char Separator, char Decimal)
{
    private const NumberStyles Style = NumberStyles.Float;
    private const int MaxFields = 4096;

    private static readonly string[] Missing = ["", "nan", "na", "n/a", "null", "none", "-", "--", "?"];

    public string Describe() => $"columns separated by {(Separator switch { '\0' => "nothing (one column)", '\t' => "tabs", ' ' => "blanks", _ => $"'{Separator}'" })}, decimals by '{Decimal}'";

    /// <summary>Splits a line into fields without quotes and white space around.</summary>
    /// <returns>False for a line with more fields than a table has.</returns>
    public bool TrySplit(string line, List<Range> fields)
    {
        fields.Clear();
        int start = 0;
        bool quoted = false;
        for (int i = 0; i <= line.Length; i++)
        {
            char c = i < line.Length ? line[i] : '\0';
            quoted ^= c == '"';
            if (i < line.Length && (quoted || c != Separator || Separator == '\0'))
            {
                continue;
            }

            if (fields.Count == MaxFields)
            {
                return false;
            }

            (int from, int to) = Trim(line, start, i);
            if (Separator != ' ' || to > from)
            {
                fields.Add(from..to);
            }

            start = i + 1;
        }

        return true;
    }

    /// <summary>Reads a number; a missing one becomes NaN. Groups of thousands must be groups of three.</summary>
    public bool TryNumber(ReadOnlySpan<char> field, out double value)
    {
        if (Decimal == '.' && double.TryParse(field, Style, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        Span<char> plain = stackalloc char[64];
        int length = 0;
        int group = -1;
        value = double.NaN;
        if (field.Length > plain.Length)
        {
            return false;
        }

        for (int i = 0; i < field.Length; i++)
        {
            char c = field[i];
            bool isGroup = c is '\'' or '\u2019' or ' ' or '\u00A0' or '\u202F' || (c is '.' or ',' && c != Decimal);
            if (isGroup)
            {
                // Digits before it, three behind it, and no decimals yet.
                bool fits = i > 0 && char.IsAsciiDigit(field[i - 1]) && group is -1 or 3 && !plain[..length].Contains('.')
                    && i + 3 < field.Length && char.IsAsciiDigit(field[i + 1]) && char.IsAsciiDigit(field[i + 2]) && char.IsAsciiDigit(field[i + 3])
                    && (i + 4 >= field.Length || !char.IsAsciiDigit(field[i + 4]));
                if (!fits || plain[..length].TrimStart("+-").StartsWith("0"))
                {
                    return IsMissing(field);
                }

                group = 0;
                continue;
            }

            group = group >= 0 && char.IsAsciiDigit(c) ? group + 1 : group;
            plain[length++] = c == Decimal ? '.' : c == '\u2212' ? '-' : c;
        }

        return double.TryParse(plain[..length], Style, CultureInfo.InvariantCulture, out value) || IsMissing(field, out value);
    }

    /// <summary>Reads a time as a number, or as a clock (10:00:00.004, with or without a date) in seconds.</summary>
    public bool TryTime(ReadOnlySpan<char> field, out double value, out bool isClock)
    {
        isClock = false;
        if (TryNumber(field, out value) && !double.IsNaN(value))
        {
            return true;
        }

        ReadOnlySpan<char> text = field.Trim("[]'\" ");
        isClock = text.Contains(':');
        if (!isClock)
        {
            return false;
        }

        // Minutes and seconds, as rdsamp writes elapsed time.
        int colon = text.IndexOf(':');
        if (text.Count(':') == 1 && double.TryParse(text[..colon], Style, CultureInfo.InvariantCulture, out double minutes)
            && double.TryParse(text[(colon + 1)..], Style, CultureInfo.InvariantCulture, out double seconds))
        {
            value = (minutes * 60) + seconds;
            return true;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan span))
        {
            value = span.TotalSeconds;
            return true;
        }

        bool isDate = DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTime date);
                // From 2000 on, as seconds since year 1 leave a double too few digits for a sample's time.
        value = isDate ? (date - new DateTime(2000, 1, 1)).TotalSeconds : double.NaN;
        return isDate;
    }

    private static bool IsMissing(ReadOnlySpan<char> field) => IsMissing(field, out _);

    private static bool IsMissing(ReadOnlySpan<char> field, out double value)
    {
        value = double.NaN;
        foreach (string token in Missing)
        {
            if (field.Equals(token, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static (int From, int To) Trim(string line, int from, int to)
    {
        while (from < to && char.IsWhiteSpace(line[from]))
        {
            from++;
        }

        while (to > from && char.IsWhiteSpace(line[to - 1]))
        {
            to--;
        }

        bool isQuoted = to - from >= 2 && line[from] is '"' or '\'' && line[to - 1] == line[from];
        return isQuoted ? Trim(line, from + 1, to - 1) : (from, to);
    }
}
