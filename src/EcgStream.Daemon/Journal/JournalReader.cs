namespace EcgStream.Daemon.Journal;

/// <summary>
/// Streams committed records in order, with one buffer of bounded size. Made by <see cref="ChunkJournal"/>; one user at a time,
/// beside a running writer and any number of other readers.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private readonly SegmentCatalog _catalog;
    private readonly ChunkJournal _journal;
    private readonly JournalFilter _filter;
    private SegmentCursor? _cursor;
    private uint _segment;
    private int _corruptStretches;

    internal JournalReader(SegmentCatalog catalog, ChunkJournal journal, JournalFilter filter)
    {
        _catalog = catalog;
        _journal = journal;
        _filter = filter;
    }

    /// <summary>Damaged places that were passed over so far.</summary>
    public int CorruptStretches => _corruptStretches + (_cursor?.CorruptStretches ?? 0);

    /// <summary>Next record; false at the end of what is committed now.</summary>
    public bool TryRead(out JournalRecord record)
    {
        while (_cursor is not null || OpenNext())
        {
            // The end is taken before the segment is read: a segment that is not the last one any more gets no more records.
            var end = _journal.CommittedEnd;
            var isLast = _segment == end.Segment;
            var limit = isLast ? end.Offset : _cursor!.FileBytes;
            while (_cursor!.TryRead(limit, out record))
            {
                if (_filter.Matches(record))
                {
                    return true;
                }
            }

            if (isLast)
            {
                return false;
            }

            CloseCursor();
        }

        record = default;
        return false;
    }

    public void Dispose() => CloseCursor();

    private bool OpenNext()
    {
        var end = _journal.CommittedEnd;
        foreach (var segment in _catalog.Segments)
        {
            if (segment.Number <= _segment || segment.Number > end.Segment || !_filter.MayContain(segment))
            {
                continue;
            }

            try
            {
                _cursor = new SegmentCursor(segment.Path, segment.Number);
            }
            catch (FileNotFoundException)
            {
                // Retention was faster.
                continue;
            }

            _segment = segment.Number;
            if (segment.Number == _filter.From.Segment)
            {
                _cursor.Seek(_filter.From.Offset);
            }

            return true;
        }

        return false;
    }

    private void CloseCursor()
    {
        _corruptStretches += _cursor?.CorruptStretches ?? 0;
        _cursor?.Dispose();
        _cursor = null;
    }
}
