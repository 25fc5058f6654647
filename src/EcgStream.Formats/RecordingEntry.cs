namespace EcgStream.Formats;

/// <summary>One recording of a <see cref="RecordingSet"/>, not read yet.</summary>
public sealed class RecordingEntry
{
    private readonly Func<Recording> _read;

    internal RecordingEntry(string name, string path, Func<Recording> read)
    {
        Name = name;
        Path = path;
        _read = read;
    }

    /// <summary>The key of label files: file name without extension, or the id of a CSV row.</summary>
    public string Name { get; }

    /// <summary>The file that <see cref="Read"/> opens: the MAT or CSV file, or the WFDB header.</summary>
    public string Path { get; }

    /// <summary>Reads the recording; each call reads anew, so nothing is kept here.</summary>
    /// <exception cref="RecordingFormatException">The recording is refused whole; the others of the set are not concerned.</exception>
    public Recording Read() => _read();

    public override string ToString() => $"{Name} ({Path})";
}
