using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using EcgStream.Formats.Csv;

namespace EcgStream.Formats;

/// <summary>
/// Labels by recording name, read from two columns of text separated by tab, comma, semicolon or blank: <c>TRAIN101⇥1</c>,
/// <c>A00001,N</c>. A folder and a recording's extension in the name are left out. Immutable.
/// </summary>
public sealed class LabelFile
{
    private static readonly string[] NameHeaders = ["name", "record", "recording", "id", "file", "filename"];
    private static readonly string[] Extensions = [".mat", ".hea", ".csv", ".dat"];

    private readonly FrozenDictionary<string, string> _labels;

    private LabelFile(string path, Dictionary<string, string> labels)
    {
        Path = path;
        _labels = labels.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public string Path { get; }

    public int Count => _labels.Count;

    /// <summary>In no particular order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Labels => _labels;

    public bool TryGet(string recordingName, [MaybeNullWhen(false)] out string label) => _labels.TryGetValue(KeyOf(recordingName), out label);

    /// <summary>Reads a label file; a first row that starts with a word such as <c>name</c> or <c>record</c> is its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Name and label column, from 0; null: the file must have these two and no other.</param>
    /// <param name="limits">Bounds on rows and their length.</param>
    /// <exception cref="RecordingFormatException">The file cannot be read, has other columns, or gives a name two labels.</exception>
    public static LabelFile Read(string path, (int Name, int Label)? columns = null, RecordingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return SourceFile.Guard(path, () => ReadCore(path, columns, limits ?? RecordingLimits.Standard));
    }

    /// <summary>Writes NAME TAB LABEL lines.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, string>> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using StreamWriter writer = new(path) { NewLine = "\n" };
        foreach ((string name, string label) in labels)
        {
            writer.WriteLine($"{CsvText.Quote(name)}\t{CsvText.Quote(label)}");
        }
    }

    private static LabelFile ReadCore(string path, (int Name, int Label)? columns, RecordingLimits limits)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        using CsvRowReader reader = CsvText.Open(path, limits, Separator(path));
        bool first = true;
        while (reader.Read())
        {
            (int nameColumn, int labelColumn) = columns ?? (0, 1);
            int needed = Math.Max(nameColumn, labelColumn) + 1;
            if (reader.FieldCount < needed || (columns is null && reader.FieldCount != 2))
            {
                throw reader.Fault(
                    RecordingFault.Shape, "", $"{reader.FieldCount} fields, {(columns is null ? "exactly" : "at least")} {needed} are needed");
            }

            string name = KeyOf(reader.Field(nameColumn).Trim().ToString());
            string label = reader.Field(labelColumn).Trim().ToString();
            bool isHeader = first && NameHeaders.Contains(name, StringComparer.OrdinalIgnoreCase);
            first = false;
            if (isHeader)
            {
                continue;
            }

            if (name.Length == 0 || label.Length == 0)
            {
                throw reader.Fault(RecordingFault.Malformed, "", "an empty name or label");
            }

            if (labels.Count == limits.MaxLabels)
            {
                throw reader.Fault(RecordingFault.LimitExceeded, "", $"more than {limits.MaxLabels} labels");
            }

            if (!labels.TryAdd(name, label) && labels[name] != label)
            {
                throw reader.Fault(RecordingFault.Ambiguous, "", $"'{CsvText.Excerpt(name)}' has two labels");
            }
        }

        return labels.Count > 0 ? new LabelFile(path, labels) : throw reader.Fault(RecordingFault.Truncated, "", "the file holds no label");
    }

    private static char Separator(string path)
    {
        using StreamReader reader = new(SourceFile.Open(path));
        Span<char> start = stackalloc char[4096];
        ReadOnlySpan<char> line = start[..reader.ReadBlock(start)];
        int end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Contains('\t') ? '\t' : line.Contains(',') ? ',' : line.Contains(';') ? ';' : ' ';
    }

    private static string KeyOf(string name)
    {
        string last = name[(name.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        foreach (string extension in Extensions)
        {
            if (last.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return last[..^extension.Length];
            }
        }

        return last;
    }
}
