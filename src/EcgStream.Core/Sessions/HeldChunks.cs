using System.Buffers;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>Chunks that wait for an earlier one, with copies of their samples in rented arrays. Bounded by the options; empty in the steady path.</summary>
internal sealed class HeldChunks(int capacity)
{
    // One more than may wait: which numbers to give up is decided with the newest chunk in its place.
    private readonly Entry[] _entries = new Entry[capacity + 1];

    public int Count { get; private set; }

    /// <summary>Lowest sequence first.</summary>
    public ref readonly Entry First => ref _entries[0];

    /// <summary>Signal that they hold, the last of them apart.</summary>
    public TimeSpan Span
    {
        get
        {
            var seconds = 0.0;
            for (var index = 0; index < Count - 1; index++)
            {
                seconds += _entries[index].Header.SamplesPerLead / _entries[index].Header.SampleRateHz;
            }

            return TimeSpan.FromSeconds(seconds);
        }
    }

    /// <summary>When the one that came in last came in.</summary>
    public long NewestIngestTimestamp
    {
        get
        {
            var newest = long.MinValue;
            for (var index = 0; index < Count; index++)
            {
                newest = Math.Max(newest, _entries[index].IngestTimestamp);
            }

            return newest;
        }
    }

    public bool Contains(ulong sequence)
    {
        for (var index = 0; index < Count; index++)
        {
            if (_entries[index].Header.Sequence == sequence)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(in ChunkHeader header, ReadOnlySpan<byte> samples, long ingestTimestamp)
    {
        var copy = ArrayPool<byte>.Shared.Rent(samples.Length);
        samples.CopyTo(copy);
        var at = Count;
        while (at > 0 && _entries[at - 1].Header.Sequence > header.Sequence)
        {
            _entries[at] = _entries[at - 1];
            at--;
        }

        _entries[at] = new Entry(header with { SamplesOffset = 0 }, copy, ingestTimestamp);
        Count++;
    }

    /// <summary>Takes the lowest one out; the caller gives its array back by <see cref="Release"/>.</summary>
    public Entry TakeFirst()
    {
        var first = _entries[0];
        _entries.AsSpan(1, Count - 1).CopyTo(_entries);
        _entries[--Count] = default;
        return first;
    }

    public static void Release(in Entry entry) => ArrayPool<byte>.Shared.Return(entry.Copy);

    public readonly record struct Entry(ChunkHeader Header, byte[] Copy, long IngestTimestamp)
    {
        public ReadOnlySpan<byte> Samples => Copy.AsSpan(0, Header.SamplesLength);
    }
}
