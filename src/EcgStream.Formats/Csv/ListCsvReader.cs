using EcgStream.Core.Signals;

namespace EcgStream.Formats.Csv;

/// <summary>
/// Reads CSV files with one recording per row: an id, a quoted list of comma-separated values, and in some files a label
/// (<c>id,heartbeat_signals,label</c>). The file is streamed.
/// </summary>
public static class ListCsvReader
{
    private static readonly string[] IdNames = ["id", "record", "name"];
    private static readonly string[] ListNames = ["heartbeat_signals", "signals", "signal", "values"];
    private static readonly string[] LabelNames = ["label"];
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>Streams the rows. The file is open while the sequence is enumerated.</summary>
    /// <exception cref="RecordingFormatException">The header is not that of a list CSV, or a row does not fit it.</exception>
    public static IEnumerable<ListCsvRow> ReadRows(string path, RecordingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RecordingLimits bounds = limits ?? RecordingLimits.Standard;
        using CsvRowReader reader = SourceFile.Guard(path, () => TryOpen(path, bounds)) ?? throw new RecordingFormatException(
            RecordingFault.Malformed, path, "line 1", $"the header needs the columns {IdNames[0]} and {ListNames[0]}");
        TryColumns(reader, out int id, out int list, out int label);
        int columns = reader.FieldCount;
        while (SourceFile.Guard(path, reader.Read))
        {
            // A list without quotes falls into fields of its own.
            int surplus = reader.FieldCount - columns;
            if (surplus < 0)
            {
                throw reader.Fault(RecordingFault.Shape, "", $"{reader.FieldCount} fields, the header has {columns}");
            }

            yield return new ListCsvRow(
                reader.Line,
                reader.Field(id > list ? id + surplus : id).Trim().ToString(),
                Join(reader, list, surplus),
                label < 0 ? null : reader.Field(label > list ? label + surplus : label).Trim().ToString());
        }
    }

    /// <summary>Parses the value list of a row.</summary>
    /// <exception cref="RecordingFormatException">A value is no number, or there are too many.</exception>
    public static double[] ParseValues(string path, ListCsvRow row, RecordingLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        long maxValues = (limits ?? RecordingLimits.Standard).MaxValues;
        ReadOnlySpan<char> text = Plain(row.Values);
        char separator = SeparatorOf(text);
        int count = text.Count(separator) + 1;
        if (count > maxValues)
        {
            throw Fault(path, row, RecordingFault.LimitExceeded, "", $"{count} values, the limit is {maxValues}");
        }

        List<double> values = new(count);
        foreach (Range range in text.Split(separator))
        {
            ReadOnlySpan<char> field = text[range].Trim();
            if (field.IsEmpty && separator == ' ')
            {
                continue;
            }

            values.Add(InvariantNumber.TryDouble(field, out double value) ? value
                : field.IsEmpty || field.Equals("null", StringComparison.OrdinalIgnoreCase) || field.Equals("none", StringComparison.OrdinalIgnoreCase) ? double.NaN
                : throw Fault(path, row, RecordingFault.Malformed, $", value {values.Count + 1}", $"'{CsvText.Excerpt(field)}' is not a number"));
        }

        return [.. values];
    }

    /// <summary>Opens a file behind its header, whatever separates its columns; null where the header is not that of a list CSV.</summary>
    internal static CsvRowReader? TryOpen(string path, RecordingLimits limits)
    {
        foreach (char separator in Separators)
        {
            CsvRowReader reader = CsvText.Open(path, limits, separator);
            try
            {
                if (reader.Read() && TryColumns(reader, out _, out _, out _))
                {
                    return reader;
                }
            }
            catch (RecordingFormatException)
            {
                // Not a list CSV with this separator; what it is instead, another reader tells.
            }

            reader.Dispose();
        }

        return null;
    }

    internal static int CountValues(ListCsvRow row)
    {
        ReadOnlySpan<char> text = Plain(row.Values);
        char separator = SeparatorOf(text);
        return separator == ' ' ? text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length : text.Count(separator) + 1;
    }

    // Without the brackets of Python's lists and the separator that some writers leave at the end.
    private static ReadOnlySpan<char> Plain(string values) => values.AsSpan().Trim().Trim("[]()").Trim().TrimEnd(",;").Trim();

    private static char SeparatorOf(ReadOnlySpan<char> values) => values.Contains(',') ? ',' : values.Contains(';') ? ';' : ' ';

    private static string Join(CsvRowReader reader, int list, int surplus)
    {
        if (surplus == 0)
        {
            return reader.Field(list).ToString();
        }

        System.Text.StringBuilder joined = new();
        for (int i = list; i <= list + surplus; i++)
        {
            joined.Append(i == list ? "" : ",").Append(reader.Field(i));
        }

        return joined.ToString();
    }

    internal static Recording ToRecording(string path, ListCsvRow row, int expectedValues, int? sameIdAtLine, RecordingDefaults defaults)
    {
        List<string> notes = [];
        Lead lead = defaults.Leads is { Ordered: [var given] } ? given : Lead.Ecg;
        notes.Add(defaults.Leads is null ? $"one lead without a name, read as {lead.Name()}; --lead states it" : $"lead {lead.Name()} as --lead says");
        if (sameIdAtLine is { } line)
        {
            notes.Add($"id {CsvText.Excerpt(row.Id)} stands in line {line} already");
        }

        double[] values = ParseValues(path, row, defaults.Limits);
        if (values.Length != expectedValues)
        {
            throw Fault(path, row, RecordingFault.Shape, "", $"{values.Length} values, the first row has {expectedValues}");
        }

        string source = $"{path}: line {row.Line}, id {CsvText.Excerpt(row.Id)}";
        double rate = defaults.RateOf(path, null, "", notes);
        AmplitudeCheck.ToMillivolts(source, [values], rate, defaults.Unit, null, notes);
        return Recording.FromPhysical(
            new RecordingInfo
            {
                Name = row.Id,
                SourcePath = source,
                Format = RecordingFormat.ListCsv,
                SampleRateHz = rate,
                Leads = [lead],
                Label = row.Label,
                Notes = [.. notes],
            },
            [values],
            defaults.MissingSamples);
    }

    private static bool TryColumns(CsvRowReader header, out int id, out int list, out int label)
    {
        id = Find(header, IdNames);
        list = Find(header, ListNames);
        label = Find(header, LabelNames);
        return id >= 0 && list >= 0;
    }

    private static int Find(CsvRowReader header, string[] names)
    {
        for (int i = 0; i < header.FieldCount; i++)
        {
            string field = header.Field(i).Trim().ToString();
            if (names.Contains(field, StringComparer.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private static RecordingFormatException Fault(string path, ListCsvRow row, RecordingFault fault, string place, string problem) =>
        new(fault, path, $"line {row.Line}, id {CsvText.Excerpt(row.Id)}{place}", problem);
}
