using System.Globalization;
using EcgStream.Formats;
using EcgStream.Formats.Csv;

namespace EcgStream.Evaluation.Contests;

/// <summary>
/// Reads answers and references of the contests, each id once.
/// Tianchi: <c>id,label_0,…,label_3</c> or, as reference, a column <c>label</c>. China: NAME and 0 or 1 after a comma or a tab. AIWIN: <c>name,tag</c> (task 1) or,
/// without a header, NAME and codes 1 to 12 (task 2).
/// </summary>
internal sealed class AnswerFile
{
    private AnswerFile(string path, IReadOnlyList<string> labels, IReadOnlyList<Answer> rows) => (Path, Labels, Rows) = (path, labels, rows);

    public string Path { get; }

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<Answer> Rows { get; }

    /// <exception cref="RecordingFormatException">A row that is not of the format, with file and line; an id that comes twice; no row.</exception>
    public static AnswerFile Read(string path, ContestFormat format)
    {
        using var reader = CsvRowReader.Open(path, Separator(path, format));
        string[] labels = [];
        Func<CsvRowReader, Answer>? parse = null;
        var rows = new List<Answer>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read())
        {
            if (parse is null)
            {
                (labels, parse, var isHeader) = Recognise(reader, format);
                if (isHeader)
                {
                    continue;
                }
            }

            var row = parse(reader);
            if (row.Id.Length == 0)
            {
                throw reader.Fault(RecordingFault.Malformed, "", "an empty id");
            }

            if (!lines.TryAdd(row.Id, row.Line))
            {
                throw reader.Fault(RecordingFault.Ambiguous, "", $"'{row.Id}' stands in line {lines[row.Id]} already");
            }

            rows.Add(row);
        }

        return rows.Count > 0 ? new AnswerFile(path, labels, rows) : throw new RecordingFormatException(RecordingFault.Truncated, path, "", "holds no row");
    }

    private static (string[] Labels, Func<CsvRowReader, Answer> Parse, bool IsHeader) Recognise(CsvRowReader first, ContestFormat format)
    {
        string[] fields = [.. Enumerable.Range(0, first.FieldCount).Select(index => first.Field(index).Trim().ToString())];
        string[] four = ["0", "1", "2", "3"];
        string[] two = ["normal", "abnormal"];
        switch (format)
        {
            case ContestFormat.Tianchi when fields.SequenceEqual(["id", "label_0", "label_1", "label_2", "label_3"], StringComparer.Ordinal):
                return (four, Probabilities, true);
            case ContestFormat.Tianchi when fields[0] == "id" && Array.IndexOf(fields, "label") is > 0 and var column:
                return (four, reader => OneOf(reader, fields.Length, column, 4), true);
            case ContestFormat.Tianchi:
                throw first.Fault(RecordingFault.Malformed, "", "the header is neither id,label_0,label_1,label_2,label_3 nor one with id and label");
            case ContestFormat.Aiwin when fields.SequenceEqual(["name", "tag"], StringComparer.Ordinal):
                return (two, reader => OneOf(reader, 2, 1, 2), true);
            case ContestFormat.Aiwin:
                return ([.. AiwinLabels.Names], Codes, false);
            default:
                return (two, reader => OneOf(reader, 2, 1, 2), false);
        }
    }

    private static Answer OneOf(CsvRowReader row, int columns, int column, int labels)
    {
        Need(row, columns);
        var label = row.Field(column).Trim();
        return int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < labels
            ? new Answer(Id(row), row.Line, 1UL << index)
            : throw row.Fault(RecordingFault.Malformed, "", $"'{label}' is not a label from 0 to {labels - 1}");
    }

    private static Answer Probabilities(CsvRowReader row)
    {
        Need(row, 1 + ContestModel.TianchiLabels);
        var values = new double[ContestModel.TianchiLabels];
        for (var label = 0; label < values.Length; label++)
        {
            var text = row.Field(1 + label).Trim();
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out values[label]) || values[label] is not (>= 0 and <= 1))
            {
                throw row.Fault(RecordingFault.Malformed, $"label_{label}", $"'{text}' is not a probability from 0 to 1");
            }
        }

        // The first of equals, as argmax takes it.
        return new Answer(Id(row), row.Line, 1UL << Array.IndexOf(values, values.Max()), values);
    }

    private static Answer Codes(CsvRowReader row)
    {
        var labels = 0UL;
        for (var field = 1; field < row.FieldCount; field++)
        {
            var text = row.Field(field).Trim();
            if (text.Length == 0)
            {
                continue; // rows of the contest's reference are filled up to equal length
            }

            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code < 1 || code > AiwinLabels.Names.Count)
            {
                throw row.Fault(RecordingFault.Malformed, "", $"'{text}' is not a label from 1 to {AiwinLabels.Names.Count}");
            }

            labels |= 1UL << (code - 1);
        }

        return labels != 0 ? new Answer(Id(row), row.Line, labels) : throw row.Fault(RecordingFault.Shape, "", "a row without a label");
    }

    private static void Need(CsvRowReader row, int columns)
    {
        if (row.FieldCount != columns)
        {
            throw row.Fault(RecordingFault.Shape, "", $"{row.FieldCount} fields, {columns} are needed");
        }
    }

    private static string Id(CsvRowReader row) => row.Field(0).Trim().ToString();

    private static char Separator(string path, ContestFormat format)
    {
        if (format != ContestFormat.China)
        {
            return ',';
        }

        using var tabs = CsvRowReader.Open(path, '\t');
        return tabs.Read() && tabs.FieldCount > 1 ? '\t' : ',';
    }
}
