using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace EcgStream.Daemon.Journal;

/// <summary>
/// Reads one segment's records in order through a buffer of bounded size. Damage is passed over: the next place where a whole record
/// with its CRC stands is looked for, so one bad record costs itself and no other. One user at a time.
/// </summary>
internal sealed class SegmentCursor : IDisposable
{
    private const int FirstBufferBytes = 256 * 1024;
    private readonly SafeFileHandle _handle;
    private readonly uint _segment;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private long _bufferStart;
    private int _buffered;

    public SegmentCursor(string path, uint segment)
    {
        // Delete sharing: retention may remove the file while a strip is being read from it.
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        _segment = segment;
        try
        {
            HasHeader = Fill(0, SegmentFormat.HeaderBytes, FileBytes)
                && SegmentFormat.TryReadHeader(_buffer.AsSpan(0, SegmentFormat.HeaderBytes), segment, path, out var created)
                && SetCreated(created);
        }
        catch
        {
            Dispose();
            throw;
        }

        Offset = SegmentFormat.HeaderBytes;
    }

    /// <summary>False: the header is torn or damaged.</summary>
    public bool HasHeader { get; }

    public long CreatedUnixNs { get; private set; }

    public long FileBytes => RandomAccess.GetLength(_handle);

    /// <summary>Where the next record is looked for; after the end, the end of the last good record.</summary>
    public long Offset { get; private set; }

    /// <summary>Damaged stretches that were passed over.</summary>
    public int CorruptStretches { get; private set; }

    public long CorruptBytes { get; private set; }

    /// <summary>Moves to a record's start.</summary>
    public void Seek(long offset) => Offset = Math.Max(offset, SegmentFormat.HeaderBytes);

    /// <summary>The footer, when the segment was closed in order. Leaves <see cref="Offset"/> alone.</summary>
    public SegmentRange? ReadFooter()
    {
        var length = FileBytes;
        var start = length - SegmentFormat.FooterBytes;
        if (start < SegmentFormat.HeaderBytes || !Fill(start, SegmentFormat.FooterBytes, length))
        {
            return null;
        }

        var record = Slice(start, SegmentFormat.FooterBytes).Span;
        return SegmentFormat.PlausibleLength(record) == SegmentFormat.FooterBytes && record[6] == SegmentFormat.FooterKind && SegmentFormat.IsSealed(record, _segment)
            ? SegmentFormat.ReadFooter(record)
            : null;
    }

    /// <summary>
    /// Next chunk record before <paramref name="limit"/>; its memory is valid until the next call. False at the limit, or when
    /// nothing good follows: <see cref="Offset"/> is then short of the limit by the torn bytes.
    /// </summary>
    public bool TryRead(long limit, out JournalRecord record)
    {
        while (true)
        {
            var length = WholeRecordAt(Offset, limit);
            if (length == 0 && !Resynchronise(limit, out length))
            {
                record = default;
                return false;
            }

            var start = Offset;
            Offset += length;
            var bytes = Slice(start, length);
            if (bytes.Span[6] == SegmentFormat.ChunkKind)
            {
                record = SegmentFormat.ReadRecord(bytes, new JournalPosition(_segment, (uint)start));
                return true;
            }
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool SetCreated(long createdUnixNs)
    {
        CreatedUnixNs = createdUnixNs;
        return true;
    }

    /// <returns>Length of the good record at the offset, 0 when there is none.</returns>
    private int WholeRecordAt(long offset, long limit)
    {
        if (!Fill(offset, SegmentFormat.RecordHeaderBytes, limit))
        {
            return 0;
        }

        var length = SegmentFormat.PlausibleLength(Slice(offset, SegmentFormat.RecordHeaderBytes).Span);
        return length > 0 && Fill(offset, length, limit) && SegmentFormat.IsSealed(Slice(offset, length).Span, _segment) ? length : 0;
    }

    private bool Resynchronise(long limit, out int length)
    {
        length = 0;
        for (var candidate = Offset + 1; candidate + SegmentFormat.RecordHeaderBytes <= limit; candidate++)
        {
            if (!Fill(candidate, SegmentFormat.RecordHeaderBytes, limit))
            {
                return false;
            }

            var available = (int)(Math.Min(_bufferStart + _buffered, limit) - candidate);
            var magicAt = Slice(candidate, available).Span[SegmentFormat.MagicOffset..].IndexOf(SegmentFormat.RecordMagicBytes);
            if (magicAt < 0)
            {
                // The last byte may be the first half of the magic, so it is looked at again with what follows.
                candidate += available - SegmentFormat.MagicOffset - 2;
                continue;
            }

            candidate += magicAt;
            length = WholeRecordAt(candidate, limit);
            if (length > 0)
            {
                CorruptStretches++;
                CorruptBytes += candidate - Offset;
                Offset = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes [offset, offset + count) present in the buffer; false when the limit or the file ends before.</summary>
    private bool Fill(long offset, int count, long limit)
    {
        if (offset + count > limit)
        {
            return false;
        }

        if (offset >= _bufferStart && offset + count <= _bufferStart + _buffered)
        {
            return true;
        }

        var kept = 0;
        if (offset >= _bufferStart && offset < _bufferStart + _buffered)
        {
            kept = (int)(_bufferStart + _buffered - offset);
        }

        var target = _buffer;
        if (count > _buffer.Length)
        {
            target = ArrayPool<byte>.Shared.Rent(count);
        }

        _buffer.AsSpan(_buffered - kept, kept).CopyTo(target);
        if (!ReferenceEquals(target, _buffer))
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        _bufferStart = offset;
        _buffered = kept;
        while (_buffered < count)
        {
            var room = (int)Math.Min(_buffer.Length - _buffered, limit - offset - _buffered);
            var read = RandomAccess.Read(_handle, _buffer.AsSpan(_buffered, room), offset + _buffered);
            if (read == 0)
            {
                return false;
            }

            _buffered += read;
        }

        return true;
    }

    private ReadOnlyMemory<byte> Slice(long offset, int count) => _buffer.AsMemory((int)(offset - _bufferStart), count);
}
