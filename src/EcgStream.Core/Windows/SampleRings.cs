using EcgStream.Core.Signals;

namespace EcgStream.Core.Windows;

/// <summary>The last seconds of every lead of a session, filtered, 500 Hz, millivolts as float32, one ring per lead. One thread.</summary>
public sealed class SampleRings
{
    private readonly LeadLayout _layout;
    private readonly float[] _samples;
    private readonly int[] _ends;
    private readonly int _stride;
    private long _total;

    /// <param name="layout">Whose leads.</param>
    /// <param name="capacity">Samples per lead that are kept.</param>
    public SampleRings(LeadLayout layout, int capacity)
        : this(layout, uint.MaxValue, capacity, capacity)
    {
    }

    /// <param name="layout">Whose leads.</param>
    /// <param name="cut">Leads (bits) that windows are cut from.</param>
    /// <param name="capacity">Samples that are kept of each of them.</param>
    /// <param name="otherCapacity">Samples that are kept of each of the other leads.</param>
    public SampleRings(LeadLayout layout, uint cut, int capacity, int otherCapacity)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(otherCapacity, 1);
        _layout = layout;
        _stride = LaneMath.Stride(layout.Carried.Count);
        _ends = new int[layout.Rows.Length];
        var end = 0;
        for (var row = 0; row < _ends.Length; row++)
        {
            end += (cut & layout.Rows[row].Bit()) != 0 ? capacity : otherCapacity;
            _ends[row] = end;
        }

        _samples = new float[end];
    }

    /// <summary>Samples of a row that are held.</summary>
    public int Count(int row) => (int)Math.Min(_total, Ring(row).Length);

    public void Clear() => _total = 0;

    /// <summary>Adds filtered frames (frame-major doubles) and derives the leads that follow from them.</summary>
    public void Append(ReadOnlySpan<double> frames)
    {
        var count = frames.Length / _stride;
        for (var row = 0; row < _ends.Length; row++)
        {
            var ring = Ring(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ring.Length, nameof(frames));
            var next = (int)(_total % ring.Length);
            var first = Math.Min(count, ring.Length - next);
            Write(row, frames, ring.Slice(next, first));
            Write(row, frames[(first * _stride)..], ring[..(count - first)]);
        }

        _total += count;
    }

    /// <summary>The newest samples of one row, as the two pieces in which the ring holds them.</summary>
    public void Last(int row, int count, out ReadOnlySpan<float> older, out ReadOnlySpan<float> newer)
    {
        var ring = Ring(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Math.Min(_total, ring.Length));
        var next = (int)(_total % ring.Length);
        var start = next - count;
        if (start >= 0)
        {
            older = ring.Slice(start, count);
            newer = default;
        }
        else
        {
            older = ring[(start + ring.Length)..];
            newer = ring[..next];
        }
    }

    /// <summary>Copies samples of one row, the newest ones or, with <paramref name="back"/> above 0, those that end so many samples before.</summary>
    public void Copy(int row, int back, Span<float> destination)
    {
        Last(row, destination.Length + back, out var older, out var newer);
        var first = Math.Min(older.Length, destination.Length);
        older[..first].CopyTo(destination);
        newer[..(destination.Length - first)].CopyTo(destination[first..]);
    }

    private Span<float> Ring(int row)
    {
        var start = row == 0 ? 0 : _ends[row - 1];
        return _samples.AsSpan(start, _ends[row] - start);
    }

    private void Write(int row, ReadOnlySpan<double> frames, Span<float> target)
    {
        if (row >= _layout.Carried.Count)
        {
            Derive(frames, LeadDerivation.Weights(_layout.Rows[row]), target);
            return;
        }

        for (int index = 0, offset = row; index < target.Length; index++, offset += _stride)
        {
            target[index] = (float)frames[offset];
        }
    }

    private void Derive(ReadOnlySpan<double> frames, (double OfI, double OfII) weights, Span<float> target)
    {
        for (int index = 0, offset = 0; index < target.Length; index++, offset += _stride)
        {
            target[index] = (float)((weights.OfI * frames[offset + _layout.LaneOfI]) + (weights.OfII * frames[offset + _layout.LaneOfII]));
        }
    }
}
