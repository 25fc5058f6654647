using EcgStream.Core.Signals;

namespace EcgStream.Core.Windows;

/// <summary>The last seconds of every lead of a session, filtered, 500 Hz, millivolts as float32, one ring per lead. One thread.</summary>
public sealed class SampleRings
{
    private readonly LeadLayout _layout;
    private readonly float[] _samples;
    private readonly int _stride;
    private int _next;

    /// <param name="layout">Whose leads.</param>
    /// <param name="capacity">Samples per lead that are kept.</param>
    public SampleRings(LeadLayout layout, int capacity)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _layout = layout;
        _stride = LaneMath.Stride(layout.Carried.Count);
        Capacity = capacity;
        _samples = new float[layout.Rows.Length * capacity];
    }

    public int Capacity { get; }

    /// <summary>Samples per lead that are held.</summary>
    public int Count { get; private set; }

    public void Clear()
    {
        Count = 0;
        _next = 0;
    }

    /// <summary>Adds filtered frames (frame-major doubles) and derives the leads that follow from them.</summary>
    public void Append(ReadOnlySpan<double> frames)
    {
        var count = frames.Length / _stride;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity, nameof(frames));
        var first = Math.Min(count, Capacity - _next);
        Write(frames[..(first * _stride)], _next);
        Write(frames[(first * _stride)..], 0);
        _next = (_next + count) % Capacity;
        Count = Math.Min(Capacity, Count + count);
    }

    /// <summary>The newest samples of one row, as the two pieces in which the ring holds them.</summary>
    public void Last(int row, int count, out ReadOnlySpan<float> older, out ReadOnlySpan<float> newer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        var ring = _samples.AsSpan(row * Capacity, Capacity);
        var start = _next - count;
        if (start >= 0)
        {
            older = ring.Slice(start, count);
            newer = default;
        }
        else
        {
            older = ring[(start + Capacity)..];
            newer = ring[.._next];
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

    private void Write(ReadOnlySpan<double> frames, int at)
    {
        var count = frames.Length / _stride;
        var rows = _layout.Rows;
        for (var row = 0; row < rows.Length; row++)
        {
            var target = _samples.AsSpan((row * Capacity) + at, count);
            if (row < _layout.Carried.Count)
            {
                for (int index = 0, offset = row; index < target.Length; index++, offset += _stride)
                {
                    target[index] = (float)frames[offset];
                }
            }
            else
            {
                Derive(frames, LeadDerivation.Weights(rows[row]), target);
            }
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
