using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EcgStream.Formats.Csv;

/// <summary>
/// What the beginning of a CSV file shows: how it is written, where its numbers begin, what its columns are called, and what the lines above them state. Immutable.
/// </summary>
internal sealed partial record TableLayout
{
    private const int SampleLines = 400;

    // One candidate after the other; the first of those that read most lines wins.
    private static readonly CsvDialect[] Candidates =
    [
        new(',', '.'), new(';', '.'), new(';', ','), new('\t', '.'), new('\t', ','), new('|', '.'), new('|', ','), new('\0', '.'), new('\0', ','), new(',', ','), new(' ', '.'), new(' ', ','),
    ];

    private static readonly string[] RateWords =
        ["fs", "rate", "freq", "abtast", "fréq", "échantillon", "frecuencia", "frequenza", "frequência", "частот", "采样", "採樣", "取樣", "サンプ", "샘플"];

    public required CsvDialect Dialect { get; init; }

    /// <summary>Lines before the first row of numbers.</summary>
    public required int HeadLines { get; init; }

    public required int Columns { get; init; }

    /// <summary>Names of the columns; empty where the file has none.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Units that stand in a line below the names; empty where there is none.</summary>
    public ImmutableArray<string> Units { get; init; } = [];

    public double? SampleRateHz { get; init; }

    public PhysicalUnit? Unit { get; init; }

    /// <summary>The lead of a file of one column, as the lines above state it.</summary>
    public string? LeadName { get; init; }

    /// <summary>Looks at the beginning of a file.</summary>
    /// <returns>Null for a file that is not a table of numbers.</returns>
    public static TableLayout? Of(string path, RecordingLimits limits)
    {
        using LineReader reader = new(CsvText.OpenText(path), path, limits.MaxRowCharacters);
        List<string> lines = [];
        while (lines.Count < SampleLines && reader.Read() is { } line)
        {
            lines.Add(line);
        }

        // Lead names above the rows say more than the number of rows that fit.
        (CsvDialect Dialect, int Rows, int First, int Columns) best = default;
        bool named = false;
        foreach (CsvDialect dialect in Candidates)
        {
            (int rows, int first, int columns) = Rows(dialect, lines);
            bool isNamed = rows > 0 && HeaderAbove(dialect, lines, first, columns, out _).Any(name => LeadNameReader.Read(name).Lead != Core.Signals.Lead.None);
            bool isBetter = isNamed == named ? rows > best.Rows : isNamed;
            (best, named) = isBetter ? ((dialect, rows, first, columns), isNamed) : (best, named);
        }

        return best.Rows == 0 ? null : Describe(Settle(best, lines), lines);
    }

    /// <summary>Rows of numbers with the same number of columns, from the first of them.</summary>
    private static (int Rows, int First, int Columns) Rows(CsvDialect dialect, List<string> lines)
    {
        List<Range> fields = [];
        (int rows, int first, int columns) = (0, 0, 0);
        (int best, int bestFirst, int bestColumns) = (0, 0, 0);
        for (int i = 0; i < lines.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            int count = IsRow(dialect, lines[i], fields) ? fields.Count : 0;
            (rows, first, columns) = count > 0 && count == columns ? (rows + 1, first, columns) : (count > 0 ? 1 : 0, i, count);
            (best, bestFirst, bestColumns) = rows > best ? (rows, first, columns) : (best, bestFirst, bestColumns);
        }

        return (best, bestFirst, bestColumns);
    }

    private static bool IsRow(CsvDialect dialect, string line, List<Range> fields)
    {
        bool any = dialect.TrySplit(line, fields) && fields.Count > 0;
        bool hasNumber = false;
        foreach (Range field in fields)
        {
            bool isNumber = dialect.TryNumber(line.AsSpan(field), out double value);
            hasNumber |= isNumber && !double.IsNaN(value);
            any &= isNumber || dialect.TryTime(line.AsSpan(field), out _, out _);
        }

        return any && hasNumber;
    }

    // 27,141 is one number with a decimal comma or two whole ones: two, unless the second part never has a sign and always the same number of digits, and the file
    // states one lead or its first part has a sign at times.
    private static (CsvDialect Dialect, int Rows, int First, int Columns) Settle(
        (CsvDialect Dialect, int Rows, int First, int Columns) best, List<string> lines)
    {
        if (best is { Dialect.Decimal: '.' } && AlwaysComma(best, lines))
        {
            foreach (CsvDialect other in Candidates.Where(candidate => candidate.Decimal == ','))
            {
                if (Rows(other, lines) is var (count, first, columns) && count >= best.Rows && columns == best.Columns)
                {
                    return (other, count, first, columns);
                }
            }
        }

        if (best is not { Dialect: { Separator: ',', Decimal: '.' }, Columns: 2 })
        {
            return best;
        }

        string[] rows = [.. lines.Skip(best.First).Where(line => line.Length > 0).Take(best.Rows)];
        bool oneNumber = rows.All(row => DecimalComma().IsMatch(row)) && rows.Select(row => row.Length - row.IndexOf(',', StringComparison.Ordinal)).Distinct().Count() == 1;
        bool oneLead = rows.Any(row => row.StartsWith('-')) || lines.Take(best.First).Any(line => LeadNameReader.HasLeadWord(line) || line.Contains('µ', StringComparison.Ordinal));
        return oneNumber && oneLead ? (new CsvDialect('\0', ','), best.Rows, best.First, 1) : best;
    }

    // Groups of thousands leave smaller numbers without a comma; decimals do not.
    private static bool AlwaysComma((CsvDialect Dialect, int Rows, int First, int Columns) best, List<string> lines)
    {
        List<Range> fields = [];
        return lines.Skip(best.First).Where(line => line.Trim().Length > 0).Take(best.Rows).All(line =>
            best.Dialect.TrySplit(line, fields) && fields.TrueForAll(field => line.AsSpan(field).Count(',') == 1 && !line.AsSpan(field).Contains('.')));
    }

    private static TableLayout Describe((CsvDialect Dialect, int Rows, int First, int Columns) found, List<string> lines)
    {
        (CsvDialect dialect, _, int first, int columns) = found;
        ImmutableArray<string> names = HeaderAbove(dialect, lines, first, columns, out int headerLine);
        ImmutableArray<string> units = [];
        if (!names.IsEmpty && names.All(IsUnit) && HeaderAbove(dialect, lines, headerLine, columns, out int upper) is { IsEmpty: false } above)
        {
            (units, names, headerLine) = (names, above, upper);
        }

        TableLayout layout = new() { Dialect = dialect, HeadLines = first, Columns = columns, Names = names, Units = units };
        foreach (string line in lines.Take(headerLine))
        {
            layout = layout.WithFact(line);
        }

        return layout;
    }

    private static bool IsUnit(string text) =>
        PhysicalUnits.TryParse(text, out _) || TimeColumn.UnitSeconds(text) is not null || text.StartsWith("hh:mm", StringComparison.OrdinalIgnoreCase);

    /// <summary>The line above, where it has as many fields as the rows and is no statement such as "Unit,µV".</summary>
    private static ImmutableArray<string> HeaderAbove(CsvDialect dialect, List<string> lines, int below, int columns, out int at)
    {
        at = below - 1;
        while (at >= 0 && string.IsNullOrWhiteSpace(lines[at]))
        {
            at--;
        }

        List<Range> fields = [];
        string line = at < 0 ? "" : lines[at].TrimStart('#', ' ');
        bool isHeader = at >= 0 && dialect.TrySplit(line, fields) && fields.Count == columns && !(columns == 1 && (line.Contains(',', StringComparison.Ordinal) || line.Contains(';', StringComparison.Ordinal)));
        at = isHeader ? at : below;
        return isHeader ? [.. fields.Select(field => line[field])] : [];
    }

    /// <summary>Takes a sample rate, a unit or a lead from a line of name and value; what else stands there, a patient's name say, is passed over.</summary>
    private TableLayout WithFact(string line)
    {
        string text = line.TrimStart('#', '%', '/', ' ');
        int split = text.AsSpan().IndexOfAny(",;:=\t");
        if (split < 0)
        {
            return this;
        }

        string key = text[..split].Trim().Trim('"').ToLowerInvariant();
        string value = text[(split + 1)..].Trim(',', ';', ' ', '\t', '"', '\r');
        Match hertz = Hertz().Match(value);
        if (SampleRateHz is null && (hertz.Success || RateWords.Any(word => key.Contains(word, StringComparison.Ordinal)))
            && Number(hertz.Success ? hertz.Groups[1].Value : value) is { } rate)
        {
            return this with { SampleRateHz = rate };
        }

        if (PhysicalUnits.TryParse(value, out PhysicalUnit unit) && (unit != PhysicalUnit.Volts || key.Contains("unit", StringComparison.Ordinal)))
        {
            return this with { Unit = unit };
        }

        return LeadNameReader.HasLeadWord(key) || LeadNameReader.HasLeadWord(value)
            ? LeadNameReader.Read(LeadNameReader.HasLeadWord(value) ? value : "Lead " + value).Lead is var lead && lead != Core.Signals.Lead.None ? this with { LeadName = value } : this
            : this;
    }

    // 510.227 and 511,2 are both below any grouping of thousands that a rate could have.
    private static double? Number(string text) =>
        double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 ? value : null;

    [GeneratedRegex(@"^([0-9]+(?:[.,][0-9]+)?)\s*(?:hz|hert[zs]|hercios?|hertzios?|гц|герц\w*|赫兹|赫茲|赫|ヘルツ|헤르츠|sps|samples?\s*(?:/|per)\s*s\w*)\.?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Hertz();

    [GeneratedRegex(@"^\s*-?[0-9]+,[0-9]+\s*$")]
    private static partial Regex DecimalComma();
}
