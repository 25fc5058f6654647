namespace EcgStream.Formats;

/// <summary>Opens files and turns what the operating system refuses into the one exception that readers throw.</summary>
internal static class SourceFile
{
    /// <summary>Runs <paramref name="read"/>; an I/O failure inside becomes a refusal of <paramref name="path"/>.</summary>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException e)
        {
            throw new RecordingFormatException(RecordingFault.Truncated, path, "", "the file ends too early", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RecordingFormatException(RecordingFault.Unreadable, path, "", $"cannot be read: {e.Message}", e);
        }
    }

    public static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);

    /// <summary>Reads a small file whole.</summary>
    public static byte[] ReadAll(string path, long maxBytes)
    {
        using FileStream stream = Open(path);
        if (stream.Length > maxBytes)
        {
            throw new RecordingFormatException(RecordingFault.LimitExceeded, path, "", $"{stream.Length} bytes, the limit is {maxBytes}");
        }

        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
