using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// The detector's feature: per lead the difference of two adjacent 20 ms means (a band around 15 Hz, where QRS complexes are and T waves are not), rectified and
/// averaged over 80 ms; then a weighted mean over the leads. Its peak follows the middle of a QRS complex by <see cref="DelaySamples"/>. One thread.
/// </summary>
internal sealed class SlopeEnergy
{
    private const int Half = 10;
    private const int Integration = 40;

    // 180 ms, of which 50 ms behind the sample asked for: wide enough that a ventricular beat comes back in it, short enough that the flank of its T wave does not.
    private const int StepWindow = 90;
    private const int StepAhead = 25;

    // 300 ms, of which 90 ms behind the sample asked for: most of a wide ventricular beat, and of no two beats up to 200 per minute.
    private const int MovementWindow = 150;
    private const int MovementAhead = 45;

    // A second difference over 2 × 8 ms answers most around 62 Hz, where a QRS complex has next to nothing left and a pacemaker's spike nearly as much as below. 120 ms of it.
    private const int SharpStep = 4;
    private const int SharpHalf = 30;
    private const int SharpFrames = 256;

    /// <summary>10 samples of the difference, 20 of the average.</summary>
    public const int DelaySamples = Half + (Integration / 2);

    /// <summary>How far back a sample may be asked for.</summary>
    public const int Reach = NetFrames - 1 - StepWindow + StepAhead;

    private const int SumFrames = 32;
    private const int TotalFrames = 256;
    private const int NetFrames = 128;

    private readonly int _stride;

    // Cumulative sums of the signal and of its rectified slope: any mean is then the difference of two of them. In float64 they stay exact
    // to a nanovolt for years.
    private readonly double[] _sums;
    private readonly double[] _totals;
    private readonly double[] _nets;
    private readonly float[] _sharp = new float[SharpFrames];
    private readonly float[] _moved = new float[SharpFrames];
    private readonly double[] _lastSum;
    private readonly double[] _lastTotal;
    private readonly double[] _lastNet;
    private long _sample;

    public SlopeEnergy(int leads)
    {
        _stride = LaneMath.Stride(leads);
        _sums = new double[SumFrames * _stride];
        _totals = new double[TotalFrames * _stride];
        _nets = new double[NetFrames * _stride];
        _lastSum = new double[_stride];
        _lastTotal = new double[_stride];
        _lastNet = new double[_stride];
    }

    /// <param name="sample">Number of the next frame.</param>
    public void Reset(long sample = 0)
    {
        Array.Clear(_sums);
        Array.Clear(_totals);
        Array.Clear(_lastSum);
        Array.Clear(_lastTotal);
        Array.Clear(_nets);
        Array.Clear(_lastNet);
        Array.Clear(_sharp);
        Array.Clear(_moved);
        _sample = sample;
    }

    /// <summary>The feature at one more frame, in millivolts.</summary>
    public double Next(ReadOnlySpan<double> frame, ReadOnlySpan<double> weights)
    {
        var now = Slot(_sample, SumFrames);
        var middle = Slot(_sample - Half, SumFrames);
        var old = Slot(_sample - (2 * Half), SumFrames);
        var totalNow = Slot(_sample, TotalFrames);
        var totalOld = Slot(_sample - Integration, TotalFrames);
        var netNow = Slot(_sample, NetFrames);
        var step = Slot(_sample - SharpStep, SumFrames);
        var beforeStep = Slot(_sample - SharpStep - 1, SumFrames);
        var twoSteps = Slot(_sample - (2 * SharpStep), SumFrames);
        var beforeTwo = Slot(_sample - (2 * SharpStep) - 1, SumFrames);
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        ref var totals = ref MemoryMarshal.GetArrayDataReference(_totals);
        ref var nets = ref MemoryMarshal.GetArrayDataReference(_nets);
        ref var lastNet = ref MemoryMarshal.GetArrayDataReference(_lastNet);
        ref var lastSum = ref MemoryMarshal.GetArrayDataReference(_lastSum);
        ref var lastTotal = ref MemoryMarshal.GetArrayDataReference(_lastTotal);
        ref var samples = ref MemoryMarshal.GetReference(frame);
        ref var shares = ref MemoryMarshal.GetReference(weights);
        var feature = Vector256<double>.Zero;
        var sharp = Vector256<double>.Zero;
        var moved = Vector256<double>.Zero;
        for (nuint lane = 0; lane < (nuint)_stride; lane += (nuint)Vector256<double>.Count)
        {
            var share = Vector256.LoadUnsafe(ref shares, lane);
            var sample = Vector256.LoadUnsafe(ref samples, lane);
            var sum = Vector256.LoadUnsafe(ref lastSum, lane) + sample;
            sum.StoreUnsafe(ref lastSum, lane);
            sum.StoreUnsafe(ref sums, now + lane);
            var before = Vector256.LoadUnsafe(ref sums, middle + lane);
            var slope = sum - before - before + Vector256.LoadUnsafe(ref sums, old + lane);
            var net = Vector256.LoadUnsafe(ref lastNet, lane) + slope;
            net.StoreUnsafe(ref lastNet, lane);
            net.StoreUnsafe(ref nets, netNow + lane);
            var rise = Vector256.Abs(slope);
            moved += rise * share;
            var past = Vector256.LoadUnsafe(ref sums, step + lane) - Vector256.LoadUnsafe(ref sums, beforeStep + lane);
            var longPast = Vector256.LoadUnsafe(ref sums, twoSteps + lane) - Vector256.LoadUnsafe(ref sums, beforeTwo + lane);
            sharp += Vector256.Abs(sample - past - past + longPast) * share;
            var total = Vector256.LoadUnsafe(ref lastTotal, lane) + rise;
            total.StoreUnsafe(ref lastTotal, lane);
            total.StoreUnsafe(ref totals, totalNow + lane);
            feature += (total - Vector256.LoadUnsafe(ref totals, totalOld + lane)) * share;
        }

        _sharp[_sample & (SharpFrames - 1)] = (float)Vector256.Sum(sharp);
        _moved[_sample & (SharpFrames - 1)] = (float)(Vector256.Sum(moved) / Half);
        _sample++;
        return Vector256.Sum(feature) / (Half * Integration);
    }

    /// <summary>The feature of every lane at a past sample, at most <see cref="Reach"/> before the newest.</summary>
    public void At(long sample, Span<double> lanes)
    {
        var end = (int)Slot(sample, TotalFrames);
        var start = (int)Slot(sample - Integration, TotalFrames);
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = (_totals[end + lane] - _totals[start + lane]) / (Half * Integration);
        }
    }

    /// <summary>
    /// How much of what a lane moved around a past sample was movement in one direction, 0 to 1: near 1 for a step of the baseline or the flank of a T wave, small for a QRS
    /// complex, which comes back.
    /// </summary>
    public void StepsAt(long sample, Span<double> lanes)
    {
        var last = Math.Min(_sample - 1, sample + StepAhead);
        var end = (int)Slot(last, TotalFrames);
        var start = (int)Slot(last - StepWindow, TotalFrames);
        var netEnd = (int)Slot(last, NetFrames);
        var netStart = (int)Slot(last - StepWindow, NetFrames);
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            var total = _totals[end + lane] - _totals[start + lane];
            lanes[lane] = total > 0 ? Math.Abs(_nets[netEnd + lane] - _nets[netStart + lane]) / total : 0;
        }
    }

    /// <summary>
    /// How much sharper the 120 ms around the middle of a peak at a past sample are than the 120 ms before them, over the weighted leads and relative to what moved: up to about 1 for a QRS complex,
    /// 1.4 for the narrowest, about as much for a pacemaker's clean spike, 2.6 and more where a filter made it ring; nothing for hum, which was there before.
    /// </summary>
    public double SharpnessAt(long sample)
    {
        var moved = Sum(_moved, sample + Half);
        var end = sample + SharpStep;
        return moved > 0 ? (Sum(_sharp, end) - Sum(_sharp, end - (2 * SharpHalf))) / moved : 0;
    }

    // Of the 120 ms up to a sample.
    private float Sum(float[] ring, long end)
    {
        end = Math.Min(_sample - 1, end);
        var sum = 0f;
        for (var sample = end - (2 * SharpHalf) + 1; sample <= end; sample++)
        {
            sum += ring[sample & (SharpFrames - 1)];
        }

        return sum;
    }

    /// <summary>What every lane moved around a past sample, forth and back, in millivolts: about twice the height of a wave however wide it is.</summary>
    public void MovementAt(long sample, Span<double> lanes)
    {
        var last = Math.Min(_sample - 1, sample + MovementAhead);
        var end = (int)Slot(last, TotalFrames);
        var start = (int)Slot(last - MovementWindow, TotalFrames);
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = (_totals[end + lane] - _totals[start + lane]) / (Half * Half);
        }
    }

    // Before the first sample every sum is 0, as the cleared rings say.
    private nuint Slot(long sample, int frames) => (nuint)((int)(sample & (frames - 1)) * _stride);
}
