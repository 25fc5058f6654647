using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Quality;

/// <summary>
/// Signal quality per lead and second, from the unfiltered 500 Hz frames: range, second difference, means of the four quarters. One thread.
/// </summary>
internal sealed class QualityMeter
{
    /// <summary>Peak to peak; under it nothing but the amplifier's last bits moves. QRS complexes under 150 µV are not to be counted as beats anyway (EC13).</summary>
    private const double FlatMillivolts = 0.020;

    /// <summary>Peak to peak. The noise of electrodes on a skin and of an amplifier's input is some ten times as much: what is stiller is an input that nothing is connected to, or a value that is held.</summary>
    private const double DeadMillivolts = 0.001;

    /// <summary>
    /// Root mean square of x[n] − 2x[n−1] + x[n−2] at 500 Hz. White noise of 40 µV or mains of 0.37 mV reach it; a steep 3 mV QRS at 150 per minute stays under it.
    /// </summary>
    private const double NoisyMillivolts = 0.1;

    private const double WanderMillivolts = 1;
    private const double SaturatedShare = 0.01;
    private const int Quarters = 4;
    private const int QuarterSamples = SampleClock.RateHz / Quarters;

    private readonly LeadLayout _layout;
    private readonly int _stride;
    private readonly double[] _min;
    private readonly double[] _max;
    private readonly double[] _roughness;
    private readonly double[] _sums;
    private readonly double[] _last;
    private readonly double[] _beforeLast;
    private readonly int[] _rails;
    private int _railSamples;
    private int _samples;
    private bool _started;

    public QualityMeter(LeadLayout layout)
    {
        _layout = layout;
        _stride = LaneMath.Stride(layout.Carried.Count);
        _min = new double[_stride];
        _max = new double[_stride];
        _roughness = new double[_stride];
        _sums = new double[Quarters * _stride];
        _last = new double[_stride];
        _beforeLast = new double[_stride];
        _rails = new int[_stride];
        Clear();
    }

    /// <summary>A new segment begins.</summary>
    public void Reset()
    {
        _started = false;
        Clear();
    }

    /// <summary>Says how many of a block's digital samples stood at the end of the range.</summary>
    /// <param name="perLane">Count per lane.</param>
    /// <param name="samples">Samples per lane.</param>
    public void AddRails(ReadOnlySpan<int> perLane, int samples)
    {
        for (var lane = 0; lane < perLane.Length; lane++)
        {
            _rails[lane] += perLane[lane];
        }

        _railSamples += samples;
    }

    /// <summary>Adds frames; no call may cross the end of a second.</summary>
    public void Add(ReadOnlySpan<double> frames)
    {
        if (frames.IsEmpty)
        {
            return;
        }

        if (!_started)
        {
            _started = true;
            frames[.._stride].CopyTo(_last);
            frames[.._stride].CopyTo(_beforeLast);
        }

        while (!frames.IsEmpty)
        {
            var quarter = _samples / QuarterSamples;
            var take = Math.Min(frames.Length / _stride, QuarterSamples - (_samples % QuarterSamples));
            for (var lane = 0; lane < _stride; lane += Vector256<double>.Count)
            {
                AddLanes(frames[..(take * _stride)], lane, _sums.AsSpan((quarter * _stride) + lane));
            }

            _samples += take;
            frames = frames[(take * _stride)..];
        }
    }

    /// <summary>Closes a second.</summary>
    public SecondQuality Close()
    {
        uint dead = 0, flat = 0, saturated = 0, noisy = 0, wandering = 0;
        for (var lane = 0; lane < _layout.Carried.Count; lane++)
        {
            var bit = _layout.Carried[lane].Bit();
            dead |= _max[lane] - _min[lane] < DeadMillivolts ? bit : 0;
            flat |= _max[lane] - _min[lane] < FlatMillivolts ? bit : 0;
            saturated |= _rails[lane] > SaturatedShare * _railSamples ? bit : 0;
            noisy |= Math.Sqrt(_roughness[lane] / Math.Max(1, _samples)) > NoisyMillivolts ? bit : 0;
            wandering |= Wander(lane) > WanderMillivolts ? bit : 0;
        }

        Clear();
        return new SecondQuality(_layout.WithDerived(flat), _layout.WithDerived(saturated), _layout.WithDerived(noisy), _layout.WithDerived(wandering))
        {
            Dead = _layout.WithDerived(dead),
        };
    }

    private void AddLanes(ReadOnlySpan<double> frames, int lane, Span<double> sums)
    {
        var min = Vector256.Create<double>(_min.AsSpan(lane));
        var max = Vector256.Create<double>(_max.AsSpan(lane));
        var sum = Vector256.Create<double>(sums);
        var roughness = Vector256.Create<double>(_roughness.AsSpan(lane));
        var last = Vector256.Create<double>(_last.AsSpan(lane));
        var beforeLast = Vector256.Create<double>(_beforeLast.AsSpan(lane));
        ref var start = ref MemoryMarshal.GetReference(frames);
        for (var offset = lane; offset < frames.Length; offset += _stride)
        {
            var sample = Vector256.LoadUnsafe(ref start, (nuint)offset);
            min = Vector256.Min(min, sample);
            max = Vector256.Max(max, sample);
            sum += sample;
            var bend = sample - last - last + beforeLast;
            roughness += bend * bend;
            beforeLast = last;
            last = sample;
        }

        min.CopyTo(_min.AsSpan(lane));
        max.CopyTo(_max.AsSpan(lane));
        sum.CopyTo(sums);
        roughness.CopyTo(_roughness.AsSpan(lane));
        last.CopyTo(_last.AsSpan(lane));
        beforeLast.CopyTo(_beforeLast.AsSpan(lane));
    }

    private double Wander(int lane)
    {
        double low = double.MaxValue, high = double.MinValue;
        for (var quarter = 0; quarter < Quarters; quarter++)
        {
            low = Math.Min(low, _sums[(quarter * _stride) + lane]);
            high = Math.Max(high, _sums[(quarter * _stride) + lane]);
        }

        return (high - low) / QuarterSamples;
    }

    private void Clear()
    {
        _min.AsSpan().Fill(double.MaxValue);
        _max.AsSpan().Fill(double.MinValue);
        Array.Clear(_roughness);
        Array.Clear(_sums);
        Array.Clear(_rails);
        _railSamples = 0;
        _samples = 0;
    }
}
