using EcgStream.Formats.Csv;
using EcgStream.Formats.Mat;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats;

/// <summary>
/// The one entry to recordings of all formats: MAT v4, v5 and v7.3, WFDB (by its header, a signal file, or the record name), CSV with a list per
/// row or a column per lead, or a directory of these with its sub-folders. A WFDB header wins over the MAT file beside it.
/// </summary>
public static class RecordingReader
{
    internal const string MatExtension = ".mat";

    /// <summary>Ids of a CSV that are remembered to tell a repeated one.</summary>
    private const int MaxKnownIds = 1_000_000;

    /// <summary>Recognises what is at a path. A directory is listed here; recordings are read by <see cref="RecordingEntry.Read"/>.</summary>
    /// <exception cref="RecordingFormatException">The path does not exist, cannot be listed, or holds no recording.</exception>
    public static RecordingSet Open(string path, RecordingDefaults defaults)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(defaults);
        if (Directory.Exists(path))
        {
            return SourceFile.Guard(path, () => RecordingDirectory.Open(path, defaults));
        }

        string header = Path.ChangeExtension(path, WfdbRecordingReader.HeaderExtension);
        string extension = Path.GetExtension(path).ToUpperInvariant();
        if (extension is ".CSV" or ".TSV" or ".TXT" && File.Exists(path))
        {
            return FromCsv(path, defaults);
        }

        // A record name may hold dots, so that its header's name is the path with .hea after it.
        if (extension != ".HEA" && File.Exists(path + WfdbRecordingReader.HeaderExtension))
        {
            return Single(path, Wfdb(path + WfdbRecordingReader.HeaderExtension, defaults));
        }

        if (File.Exists(header))
        {
            return Single(path, Wfdb(header, defaults));
        }

        if (!File.Exists(path))
        {
            throw new RecordingFormatException(RecordingFault.Unreadable, path, "", "there is no such file or directory");
        }

        return extension == ".MAT"
            ? Single(path, Mat(path, defaults))
            : throw new RecordingFormatException(
                RecordingFault.Unsupported, path, "", "not a recording: .mat, .hea, .csv, .tsv, .txt or a directory is read, and signal files beside their .hea");
    }

    /// <summary>Reads the only recording at a path.</summary>
    /// <exception cref="RecordingFormatException">The recording is refused, or the path holds several.</exception>
    public static Recording Read(string path, RecordingDefaults defaults)
    {
        using IEnumerator<RecordingEntry> entries = Open(path, defaults).GetEnumerator();
        if (!entries.MoveNext())
        {
            throw new RecordingFormatException(RecordingFault.Truncated, path, "", "holds no recording");
        }

        RecordingEntry only = entries.Current;
        return entries.MoveNext()
            ? throw new RecordingFormatException(RecordingFault.Ambiguous, path, "", "holds several recordings")
            : only.Read();
    }

    internal static RecordingEntry Wfdb(string headerPath, RecordingDefaults defaults) =>
        new(Path.GetFileNameWithoutExtension(headerPath), headerPath, () => WfdbRecordingReader.Read(headerPath, defaults));

    internal static RecordingEntry Mat(string path, RecordingDefaults defaults) =>
        new(Path.GetFileNameWithoutExtension(path), path, () => MatRecordingReader.Read(path, defaults));

    internal static RecordingEntry TableCsv(string path, RecordingDefaults defaults) =>
        new(Path.GetFileNameWithoutExtension(path), path, () => TableCsvReader.Read(path, defaults));

    internal static IEnumerable<RecordingEntry> ListCsv(string path, RecordingDefaults defaults)
    {
        int? expectedValues = null;
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        foreach (ListCsvRow row in ListCsvReader.ReadRows(path, defaults.Limits))
        {
            int expected = expectedValues ??= ListCsvReader.CountValues(row);
            int? before = lines.TryGetValue(row.Id, out int line) ? line : null;
            if (before is null && lines.Count < MaxKnownIds)
            {
                lines.Add(row.Id, row.Line);
            }

            yield return new RecordingEntry(row.Id, path, () => ListCsvReader.ToRecording(path, row, expected, before, defaults));
        }
    }

    /// <param name="path">A CSV file.</param>
    /// <param name="defaults">Its leads, where given, make a table without names a recording.</param>
    internal static CsvKind Recognise(string path, RecordingDefaults defaults) => SourceFile.Guard(path, () =>
    {
        if (ListCsvReader.TryOpen(path, defaults.Limits) is { } list)
        {
            list.Dispose();
            return CsvKind.List;
        }

        return TableLayout.Of(path, defaults.Limits) is { } layout
            && (TableCsvReader.IsEcg(layout) || defaults.Leads?.Ordered.Length == layout.Columns) ? CsvKind.Leads : CsvKind.Other;
    });

    // Named itself, any table is tried: what it lacks is told by the refusal.
    private static RecordingSet FromCsv(string path, RecordingDefaults defaults) => Recognise(path, defaults) == CsvKind.List
        ? new RecordingSet(path, ListCsv(path, defaults), null, [])
        : Single(path, TableCsv(path, defaults));

    private static RecordingSet Single(string path, RecordingEntry entry) => new(path, [entry], 1, []);
}
