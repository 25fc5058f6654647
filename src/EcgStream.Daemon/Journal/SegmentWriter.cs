namespace EcgStream.Daemon.Journal;

/// <summary>The segment that is written to. Used by the writer thread only.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly IJournalFile _file;
    private readonly byte[] _footer = new byte[SegmentFormat.FooterBytes];
    private SegmentRange _range = new();

    private SegmentWriter(IJournalFile file, uint number, string path, long createdUnixNs)
    {
        _file = file;
        Number = number;
        Path = path;
        CreatedUnixNs = createdUnixNs;
        Length = SegmentFormat.HeaderBytes;
    }

    public uint Number { get; }

    public string Path { get; }

    public long CreatedUnixNs { get; }

    /// <summary>Bytes that are durable.</summary>
    public long Length { get; private set; }

    public bool HasRecords => _range.Records > 0;

    /// <exception cref="IOException">The file or its header cannot be made durable; no file is left behind where that could be helped.</exception>
    public static SegmentWriter Create(IJournalFiles files, string directory, uint number, long createdUnixNs)
    {
        var path = SegmentCatalog.PathOf(directory, number);
        var file = files.Create(path);
        try
        {
            Span<byte> header = stackalloc byte[SegmentFormat.HeaderBytes];
            SegmentFormat.WriteHeader(header, number, createdUnixNs);
            file.Write(header, 0);
            file.Flush();
            return new SegmentWriter(file, number, path, createdUnixNs);
        }
        catch
        {
            file.Dispose();
            TryDelete(files, path);
            throw;
        }
    }

    /// <summary>Writes the whole batch with one call and flushes it. On an exception nothing of it counts: <see cref="Abandon"/> the segment then.</summary>
    public void Commit(JournalBatch batch)
    {
        batch.Seal(Number, ref _range);
        _file.Write(batch.Bytes, Length);
        _file.Flush();
        Length += batch.Bytes.Length;
    }

    /// <summary>Closes in order: with a footer, so that later searches know what is inside.</summary>
    public SegmentInfo Close()
    {
        SegmentRange? range = null;
        try
        {
            SegmentFormat.WriteFooter(_footer, Number, _range);
            _file.Write(_footer, Length);
            _file.SetLength(Length + SegmentFormat.FooterBytes);
            _file.Flush();
            Length += SegmentFormat.FooterBytes;
            range = _range;
        }
        catch (IOException)
        {
            // The footer only saves a scan. A torn one reads as a torn tail, which every reader passes over.
        }
        finally
        {
            _file.Dispose();
        }

        return new SegmentInfo(Number, Path, CreatedUnixNs, Length, range);
    }

    /// <summary>
    /// Gives the segment up after a failed write. It is never written again: after a failed fsync nobody knows which of its pages
    /// reached the disk, and a second fsync would say that all is well. What was refused is cut off where the disk still lets us.
    /// </summary>
    public SegmentInfo Abandon()
    {
        try
        {
            _file.SetLength(Length);
            _file.Flush();
        }
        catch (IOException)
        {
            // Refused records may then be found by a reader; the device sends them again and they are recognised as duplicates.
        }
        finally
        {
            _file.Dispose();
        }

        return new SegmentInfo(Number, Path, CreatedUnixNs, Length, null);
    }

    public void Dispose() => _file.Dispose();

    private static void TryDelete(IJournalFiles files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Numbers are not used twice, so what is left is an empty segment that the next start removes.
        }
    }
}
