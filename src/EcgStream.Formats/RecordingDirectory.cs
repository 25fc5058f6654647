using System.Collections.Immutable;
using EcgStream.Formats.Csv;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats;

/// <summary>Lists the recordings of a directory and its sub-folders.</summary>
internal static class RecordingDirectory
{
    public static RecordingSet Open(string root, RecordingDefaults defaults)
    {
        EnumerationOptions options = new()
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = defaults.Limits.MaxDirectoryDepth,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };
        List<string> files = [];
        foreach (string file in Directory.EnumerateFiles(root, "*", options))
        {
            if (files.Count == defaults.Limits.MaxDirectoryFiles)
            {
                throw new RecordingFormatException(
                    RecordingFault.LimitExceeded, root, "", $"more than {defaults.Limits.MaxDirectoryFiles} files");
            }

            files.Add(file);
        }

        files.Sort((a, b) => NaturalNameComparer.Instance.Compare(a, b));
        HashSet<string> ofHeaders = SignalFiles(files, defaults.Limits);
        HashSet<string> segments = Segments(files, defaults.Limits);
        List<IEnumerable<RecordingEntry>> parts = [];
        ImmutableArray<string>.Builder skipped = ImmutableArray.CreateBuilder<string>();
        bool counted = true;
        foreach (string file in files)
        {
            switch (Path.GetExtension(file).ToUpperInvariant())
            {
                case ".HEA" when !segments.Contains(file):
                    parts.Add([RecordingReader.Wfdb(file, defaults)]);
                    break;
                case ".MAT" when !ofHeaders.Contains(file):
                    parts.Add([RecordingReader.Mat(file, defaults)]);
                    break;
                case ".CSV" or ".TSV":
                    counted &= AddCsv(file, defaults, parts, skipped);
                    break;
            }
        }

        return parts.Count > 0
            ? new RecordingSet(root, parts.SelectMany(p => p), counted ? parts.Count : null, skipped.ToImmutable())
            : throw new RecordingFormatException(
                RecordingFault.Ambiguous,
                root,
                "",
                $"no recording among {files.Count} files{(skipped.Count > 0 ? $"; skipped {string.Join("; ", skipped.Take(3))}" : "")}");
    }

    private static bool AddCsv(
        string file, RecordingDefaults defaults, List<IEnumerable<RecordingEntry>> parts, ImmutableArray<string>.Builder skipped)
    {
        CsvKind kind;
        try
        {
            kind = RecordingReader.Recognise(file, defaults);
        }
        catch (RecordingFormatException e)
        {
            skipped.Add(e.Message);
            return true;
        }

        switch (kind)
        {
            case CsvKind.List:
                parts.Add(RecordingReader.ListCsv(file, defaults));
                return false;
            case CsvKind.Leads:
                parts.Add([RecordingReader.TableCsv(file, defaults)]);
                return true;
            default:
                // Label files and tables stand beside recordings; they are no damage.
                skipped.Add($"{file}: no column is named as a lead; --lead names columns in order");
                return true;
        }
    }

    /// <summary>Headers of segments, which are read with the record that they belong to.</summary>
    private static HashSet<string> Segments(List<string> files, RecordingLimits limits)
    {
        HashSet<string> segments = [];
        foreach (string header in files.Where(f => f.EndsWith(WfdbRecordingReader.HeaderExtension, StringComparison.OrdinalIgnoreCase)))
        {
            try
            {
                string? first = File.ReadLines(header).FirstOrDefault(line => line.Length > 0 && line[0] != '#');
                if (first?.Split(' ', '\t')[0].Contains('/', StringComparison.Ordinal) != true)
                {
                    continue;
                }

                foreach (WfdbSegment segment in WfdbHeaderReader.Read(header, limits).Segments)
                {
                    segments.Add(Path.Combine(Path.GetDirectoryName(header) ?? "", segment.Name + WfdbRecordingReader.HeaderExtension));
                }
            }
            catch (Exception e) when (e is RecordingFormatException or IOException or UnauthorizedAccessException)
            {
                // The record's own entry refuses it with the full message when it is read.
            }
        }

        return segments;
    }

    /// <summary>The MAT files that belong to a header. Only a folder with headers and unmatched MAT files costs reading its headers.</summary>
    private static HashSet<string> SignalFiles(List<string> files, RecordingLimits limits)
    {
        HashSet<string> headers = [.. files.Where(f => f.EndsWith(WfdbRecordingReader.HeaderExtension, StringComparison.Ordinal))];
        HashSet<string> matched = [];
        HashSet<string> foldersToRead = [];
        foreach (string mat in files.Where(f => f.EndsWith(RecordingReader.MatExtension, StringComparison.OrdinalIgnoreCase)))
        {
            if (headers.Contains(Path.ChangeExtension(mat, WfdbRecordingReader.HeaderExtension)))
            {
                matched.Add(mat);
            }
            else
            {
                foldersToRead.Add(Path.GetDirectoryName(mat) ?? "");
            }
        }

        foreach (string header in headers.Where(h => foldersToRead.Contains(Path.GetDirectoryName(h) ?? "")))
        {
            try
            {
                foreach (WfdbSignalSpec signal in WfdbHeaderReader.Read(header, limits).Signals)
                {
                    matched.Add(Path.Combine(Path.GetDirectoryName(header) ?? "", signal.FileName));
                }
            }
            catch (RecordingFormatException)
            {
                // The record's own entry refuses it with the full message when it is read.
            }
        }

        return matched;
    }
}
