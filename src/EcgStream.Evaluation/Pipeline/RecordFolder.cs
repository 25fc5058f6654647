using EcgStream.Formats;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>The recordings to score, in natural order of their names.</summary>
internal static class RecordFolder
{
    /// <summary>Missing samples are kept: the lead is off there, and they are counted.</summary>
    public static RecordingDefaults Defaults { get; } = RecordingDefaults.Standard with { MissingSamples = MissingSamplePolicy.Keep };

    /// <summary>Lists a folder, a file or one record; nothing is read yet.</summary>
    /// <exception cref="RecordingFormatException">There is no recording.</exception>
    public static IReadOnlyList<RecordingEntry> List(string path, RecordingDefaults? defaults = null) => [.. RecordingReader.Open(path, defaults ?? Defaults)];

    /// <summary>The same by name.</summary>
    /// <exception cref="RecordingFormatException">Two recordings have one name.</exception>
    public static Dictionary<string, RecordingEntry> ByName(string path, RecordingDefaults? defaults = null)
    {
        var entries = new Dictionary<string, RecordingEntry>(StringComparer.Ordinal);
        foreach (var entry in List(path, defaults))
        {
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new RecordingFormatException(RecordingFault.Ambiguous, path, "", $"two recordings are named {entry.Name}: {entries[entry.Name].Path} and {entry.Path}");
            }
        }

        return entries;
    }
}
