using System.Collections;
using System.Collections.Immutable;

namespace EcgStream.Formats;

/// <summary>
/// The recordings at a path, in natural order. Enumerating it opens no recording, but streams a CSV of many; it may be enumerated again.
/// </summary>
public sealed class RecordingSet : IEnumerable<RecordingEntry>
{
    private readonly IEnumerable<RecordingEntry> _entries;

    internal RecordingSet(string path, IEnumerable<RecordingEntry> entries, int? count, ImmutableArray<string> skipped)
    {
        Path = path;
        _entries = entries;
        Count = count;
        Skipped = skipped;
    }

    public string Path { get; }

    /// <summary>Number of recordings; null where only reading a CSV of many would tell.</summary>
    public int? Count { get; }

    /// <summary>Files of a directory that have a recording's extension and are none, with the reason.</summary>
    public ImmutableArray<string> Skipped { get; }

    public IEnumerator<RecordingEntry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
