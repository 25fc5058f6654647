using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EcgStream.Core.Signals;

/// <summary>
/// Brings a stream of frames of any rate from 100 to 1000 Hz to 500 Hz: a copy at 500 Hz, a linear-phase polyphase filter otherwise. Output k lies exactly
/// at input time k / 500 s, so the filter's delay never shows in time stamps, only in when an output comes out: <see cref="DelaySamples"/> input samples later.
/// Before the first and behind the last sample the signal is taken to stay as it is. One thread.
/// </summary>
public sealed class StreamResampler
{
    private const int Before = (PolyphaseTable.Taps / 2) - 1;
    private const int After = PolyphaseTable.Taps / 2;

    private readonly PolyphaseTable? _table;
    private readonly ResampleRatio _ratio;
    private readonly double[] _work;
    private readonly int _maxFrames;
    private int _held;
    private int _position;
    private long _fraction;
    private bool _started;

    /// <param name="sampleRateHz">Rate of the input, 100 to 1000 Hz.</param>
    /// <param name="leads">Lanes of a frame that carry a lead.</param>
    /// <param name="maxFrames">Most input frames that one call brings.</param>
    public StreamResampler(double sampleRateHz, int leads, int maxFrames)
    {
        if (!(sampleRateHz is >= ChunkLimits.MinSampleRateHz and <= ChunkLimits.MaxSampleRateHz))
        {
            throw new ArgumentOutOfRangeException(nameof(sampleRateHz), sampleRateHz, "100 to 1000 Hz");
        }

        Stride = LaneMath.Stride(leads);
        _maxFrames = maxFrames;
        IsIdentity = sampleRateHz == SampleClock.RateHz;
        _ratio = ResampleRatio.For(sampleRateHz);
        _table = IsIdentity ? null : PolyphaseTable.For(in _ratio);
        _work = IsIdentity ? [] : new double[(PolyphaseTable.Taps + After + maxFrames) * Stride];
        OutputPerInput = (double)_ratio.Denominator / _ratio.Step;
    }

    public int Stride { get; }

    /// <summary>The input has 500 Hz already: nothing needs to be called.</summary>
    public bool IsIdentity { get; }

    /// <summary>Output samples per input sample.</summary>
    public double OutputPerInput { get; }

    /// <summary>Input samples that must follow before an output sample can be made: 0 at 500 Hz, else 12.</summary>
    public int DelaySamples => IsIdentity ? 0 : After;

    /// <summary>Output frames that a call with so many input frames, or a flush, can make at most.</summary>
    public int MaxOutput(int inputFrames) => (int)Math.Ceiling((inputFrames + After) * OutputPerInput) + 1;

    /// <summary>The next frame is a first one.</summary>
    public void Reset() => _started = false;

    /// <summary>Takes input frames and makes the output frames that are due.</summary>
    /// <returns>Output frames.</returns>
    public int Push(ReadOnlySpan<double> frames, Span<double> output)
    {
        if (_table is null)
        {
            frames.CopyTo(output);
            return frames.Length / Stride;
        }

        if (frames.Length > _maxFrames * Stride)
        {
            throw new ArgumentException($"More than {_maxFrames} frames at once", nameof(frames));
        }

        if (frames.IsEmpty)
        {
            return 0;
        }

        if (!_started)
        {
            _started = true;
            _held = 0;
            _position = Before;
            _fraction = 0;
            for (var index = 0; index < Before; index++)
            {
                Hold(frames[..Stride]);
            }
        }

        Hold(frames);
        return Emit(output);
    }

    /// <summary>Makes the outputs up to the last input's time and starts anew.</summary>
    public int Flush(Span<double> output)
    {
        if (_table is null || !_started)
        {
            return 0;
        }

        var last = _work.AsSpan((_held - 1) * Stride, Stride);
        for (var index = 0; index < After; index++)
        {
            Hold(last);
        }

        _started = false;
        return Emit(output);
    }

    private void Hold(ReadOnlySpan<double> frames)
    {
        frames.CopyTo(_work.AsSpan(_held * Stride));
        _held += frames.Length / Stride;
    }

    private int Emit(Span<double> output)
    {
        var made = 0;
        while (_position + After < _held)
        {
            Convolve(_table!.Of(_ratio.Phase(_fraction)), _work.AsSpan((_position - Before) * Stride, PolyphaseTable.Taps * Stride), output.Slice(made * Stride, Stride));
            made++;
            _fraction += _ratio.Step;
            _position += (int)(_fraction / _ratio.Denominator);
            _fraction %= _ratio.Denominator;
        }

        // Above 500 Hz the next output can lie past what is held; what stays is then less than the filter's length.
        var drop = Math.Min(_position - Before, _held);
        _work.AsSpan(drop * Stride, (_held - drop) * Stride).CopyTo(_work);
        _held -= drop;
        _position -= drop;
        return made;
    }

    private void Convolve(ReadOnlySpan<double> taps, ReadOnlySpan<double> frames, Span<double> output)
    {
        ref var start = ref MemoryMarshal.GetReference(frames);
        for (var lane = 0; lane < Stride; lane += Vector256<double>.Count)
        {
            var sum = Vector256<double>.Zero;
            var offset = lane;
            foreach (var tap in taps)
            {
                sum += Vector256.Create(tap) * Vector256.LoadUnsafe(ref start, (nuint)offset);
                offset += Stride;
            }

            sum.CopyTo(output[lane..]);
        }
    }
}
