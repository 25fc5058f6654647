using EcgStream.Formats.Csv;
using EcgStream.Formats.Mat;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats;

/// <summary>
/// The one entry to recordings of all formats: MAT v4 and v5, WFDB (by its header, a signal file, or the record name), CSV with a list per
/// row or a column per lead, or a directory of these with its sub-folders. A WFDB header wins over the MAT file beside it.
/// </summary>
public static class RecordingReader
{
    internal const string MatExtension = ".mat";
    internal const string CsvExtension = ".csv";

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
        if (extension == ".CSV" && File.Exists(path))
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
                RecordingFault.Unsupported, path, "", "not a recording: .mat, .hea, .csv or a directory is read, and signal files beside their .hea");
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

    internal static RecordingEntry LeadCsv(string path, RecordingDefaults defaults) =>
        new(Path.GetFileNameWithoutExtension(path), path, () => LeadCsvReader.Read(path, defaults));

    internal static IEnumerable<RecordingEntry> ListCsv(string path, RecordingDefaults defaults)
    {
        int? expectedValues = null;
        foreach (ListCsvRow row in ListCsvReader.ReadRows(path, defaults.Limits))
        {
            int expected = expectedValues ??= row.Values.AsSpan().Count(',') + 1;
            yield return new RecordingEntry(row.Id, path, () => ListCsvReader.ToRecording(path, row, expected, defaults));
        }
    }

    internal static CsvKind Recognise(string path, RecordingLimits limits) => SourceFile.Guard(path, () =>
    {
        using CsvRowReader reader = CsvText.Open(path, limits);
        return !reader.Read() ? CsvKind.Other
            : ListCsvReader.IsListHeader(reader) ? CsvKind.List
            : LeadCsvReader.IsLeadHeader(reader) ? CsvKind.Leads
            : CsvKind.Other;
    });

    private static RecordingSet FromCsv(string path, RecordingDefaults defaults) => Recognise(path, defaults.Limits) switch
    {
        CsvKind.List => new RecordingSet(path, ListCsv(path, defaults), null, []),
        CsvKind.Leads => Single(path, LeadCsv(path, defaults)),
        _ => throw new RecordingFormatException(
            RecordingFault.Malformed, path, "line 1", "the header is neither id,heartbeat_signals,… nor a list of lead names"),
    };

    private static RecordingSet Single(string path, RecordingEntry entry) => new(path, [entry], 1, []);
}
