namespace EcgStream.Daemon.Journal;

/// <summary>
/// Records that are committed together, back to back in one buffer, and who waits for them. Two of them take turns: one is filled by
/// any thread under the journal's lock, the other is written by the writer thread. Both grow to what the load needs and stay.
/// </summary>
internal sealed class JournalBatch(int maxBytes, int maxRecords)
{
    private const int FirstBytes = 256 * 1024;
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(Math.Min(FirstBytes, maxBytes));
    private Waiter[] _waiters = new Waiter[Math.Min(256, maxRecords)];
    private int _length;
    private bool _told;

    public int Count { get; private set; }

    /// <summary>Those who wait were told already that it failed.</summary>
    public bool IsTold => _told;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Copies the entry in; false when it does not fit.</summary>
    public bool TryAdd(in JournalEntry entry, IJournalCompletion completion, ulong token)
    {
        var recordBytes = SegmentFormat.RecordBytes(entry);
        if (Count == maxRecords || recordBytes > maxBytes - _length)
        {
            return false;
        }

        if (recordBytes > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(maxBytes, Math.Max(_length + (long)recordBytes, _bytes.Length * 2L)));
        }

        if (Count == _waiters.Length)
        {
            Array.Resize(ref _waiters, Math.Min(maxRecords, _waiters.Length * 2));
        }

        SegmentFormat.WriteRecord(_bytes.AsSpan(_length, recordBytes), entry);
        _waiters[Count++] = new Waiter(completion, token, _length, recordBytes, entry.IngestUnixNs, entry.DeviceStartUnixNs, entry.DeviceEndUnixNs);
        _length += recordBytes;
        return true;
    }

    /// <summary>Puts the CRCs in, outside the journal's lock: at 2.4 kB a record they cost more than the copy.</summary>
    public void Seal(uint segment, ref SegmentRange range)
    {
        foreach (ref readonly var waiter in _waiters.AsSpan(0, Count))
        {
            SegmentFormat.Seal(_bytes.AsSpan(waiter.Offset, waiter.Bytes), segment);
            range.Add(waiter.IngestUnixNs, waiter.DeviceStartUnixNs, waiter.DeviceEndUnixNs);
        }
    }

    /// <summary>Tells everybody that the batch stands in <paramref name="segment"/> from <paramref name="offset"/>, and empties it.</summary>
    /// <returns>Completions that threw.</returns>
    public int Complete(uint segment, long offset) => Finish(new JournalPosition(segment, (uint)offset), null);

    /// <summary>Tells everybody that nothing of the batch is durable, and empties it.</summary>
    /// <returns>Completions that threw.</returns>
    public int Fail(JournalException reason) => Finish(default, reason);

    /// <summary>
    /// Tells everybody that nothing of the batch is durable while it is still being written: the write hangs. When it returns, <see cref="Complete"/> or
    /// <see cref="Fail"/> only empties the batch. Not beside them: the caller sees to it.
    /// </summary>
    public int FailEarly(JournalException reason)
    {
        if (_told)
        {
            return 0;
        }

        _told = true;
        return Tell(default, reason);
    }

    private int Finish(JournalPosition first, JournalException? failure)
    {
        var thrown = _told ? 0 : Tell(first, failure);
        _waiters.AsSpan(0, Count).Clear();
        Count = 0;
        _length = 0;
        _told = false;
        return thrown;
    }

    private int Tell(JournalPosition first, JournalException? failure)
    {
        var thrown = 0;
        for (var index = 0; index < Count; index++)
        {
            ref readonly var waiter = ref _waiters[index];
            try
            {
                if (failure is null)
                {
                    waiter.Completion.OnCommitted(waiter.Token, new JournalPosition(first.Value + (uint)waiter.Offset));
                }
                else
                {
                    waiter.Completion.OnFailed(waiter.Token, failure);
                }
            }
#pragma warning disable CA1031 // One faulty waiter must not take the other devices' acknowledgements with it; the count is logged.
            catch (Exception)
#pragma warning restore CA1031
            {
                thrown++;
            }
        }

        return thrown + EndBatch();
    }

    /// <summary>A connection appends in runs, so looking at neighbours finds nearly all repeats; a completion may still be told more than once.</summary>
    private int EndBatch()
    {
        var thrown = 0;
        for (var index = 0; index < Count; index++)
        {
            var completion = _waiters[index].Completion;
            if (index + 1 < Count && ReferenceEquals(completion, _waiters[index + 1].Completion))
            {
                continue;
            }

            try
            {
                completion.OnBatchEnd();
            }
#pragma warning disable CA1031 // As above.
            catch (Exception)
#pragma warning restore CA1031
            {
                thrown++;
            }
        }

        return thrown;
    }

    private readonly record struct Waiter(
        IJournalCompletion Completion, ulong Token, int Offset, int Bytes, long IngestUnixNs, long DeviceStartUnixNs, long DeviceEndUnixNs);
}
