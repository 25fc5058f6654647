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

    /// <summary>Streams the rows. The file is open while the sequence is enumerated.</summary>
    /// <exception cref="RecordingFormatException">The header is not that of a list CSV, or a row does not fit it.</exception>
    public static IEnumerable<ListCsvRow> ReadRows(string path, RecordingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using CsvRowReader reader = SourceFile.Guard(path, () => CsvText.Open(path, limits ?? RecordingLimits.Standard));
        if (!SourceFile.Guard(path, reader.Read) || !TryColumns(reader, out int id, out int list, out int label))
        {
            throw reader.Fault(RecordingFault.Malformed, "", $"the header needs the columns {IdNames[0]} and {ListNames[0]}");
        }

        int columns = reader.FieldCount;
        while (SourceFile.Guard(path, reader.Read))
        {
            if (reader.FieldCount != columns)
            {
                throw reader.Fault(RecordingFault.Shape, "", $"{reader.FieldCount} fields, the header has {columns}");
            }

            yield return new ListCsvRow(
                reader.Line, reader.Field(id).ToString(), reader.Field(list).ToString(), label < 0 ? null : reader.Field(label).ToString());
        }
    }

    /// <summary>Parses the value list of a row.</summary>
    /// <exception cref="RecordingFormatException">A value is no number, or there are too many.</exception>
    public static double[] ParseValues(string path, ListCsvRow row, RecordingLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        long maxValues = (limits ?? RecordingLimits.Standard).MaxValues;
        ReadOnlySpan<char> text = row.Values;
        int count = text.Count(',') + 1;
        if (count > maxValues)
        {
            throw Fault(path, row, RecordingFault.LimitExceeded, "", $"{count} values, the limit is {maxValues}");
        }

        double[] values = new double[count];
        int index = 0;
        foreach (Range range in text.Split(','))
        {
            if (!InvariantNumber.TryDouble(text[range], out values[index]))
            {
                throw Fault(path, row, RecordingFault.Malformed, $", value {index}", $"'{CsvText.Excerpt(text[range])}' is not a number");
            }

            index++;
        }

        return values;
    }

    internal static bool IsListHeader(CsvRowReader header) => TryColumns(header, out _, out _, out _);

    internal static Recording ToRecording(string path, ListCsvRow row, int expectedValues, RecordingDefaults defaults)
    {
        Lead lead = defaults.SingleLead ?? throw Fault(
            path, row, RecordingFault.Lead, "", $"one lead without a name: state {nameof(RecordingDefaults)}.{nameof(RecordingDefaults.SingleLead)}");
        double[] values = ParseValues(path, row, defaults.Limits);
        if (values.Length != expectedValues)
        {
            throw Fault(path, row, RecordingFault.Shape, "", $"{values.Length} values, the first row has {expectedValues}");
        }

        double factor = defaults.MillivoltsPerUnit;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }

        return Recording.FromPhysical(
            new RecordingInfo
            {
                Name = row.Id,
                SourcePath = $"{path}, line {row.Line}",
                Format = RecordingFormat.ListCsv,
                SampleRateHz = defaults.SampleRateHz,
                Leads = [lead],
                Label = row.Label,
                Notes =
                [
                    FormattableString.Invariant($"lead {lead.Name()}, {defaults.SampleRateHz} Hz and unit {defaults.Unit} taken from the caller"),
                ],
            },
            [values]);
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
