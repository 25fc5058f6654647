using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// The detector's feature: per lead the difference of two adjacent 20 ms means (a band around 15 Hz, where QRS complexes are and T waves are not), rectified,
/// averaged over the leads in use, then over 80 ms. Its peak follows the middle of a QRS complex by <see cref="DelaySamples"/>. One thread.
/// </summary>
internal sealed class SlopeEnergy
{
    private const int Half = 10;
    private const int Integration = 40;

    /// <summary>10 samples of the difference, 20 of the average.</summary>
    public const int DelaySamples = Half + (Integration / 2);

    private const int HistoryFrames = 32;
    private const int SumFrames = 64;

    private readonly int _stride;
    private readonly double[] _cumulative;
    private readonly double[] _running;
    private readonly double[] _weights;
    private readonly double[] _slopes = new double[SumFrames];
    private long _sample;
    private double _sum;

    public SlopeEnergy(int leads)
    {
        _stride = LaneMath.Stride(leads);
        _cumulative = new double[HistoryFrames * _stride];
        _running = new double[_stride];
        _weights = new double[_stride];
        for (var lane = 0; lane < leads; lane++)
        {
            _weights[lane] = 1.0 / leads / Half;
        }
    }

    public void Reset()
    {
        Array.Clear(_cumulative);
        Array.Clear(_running);
        Array.Clear(_slopes);
        _sample = 0;
        _sum = 0;
    }

    /// <summary>Sets the share of every lane; those of leads that are off are 0.</summary>
    public void SetWeights(ReadOnlySpan<double> weights)
    {
        for (var lane = 0; lane < weights.Length; lane++)
        {
            _weights[lane] = weights[lane] / Half;
        }
    }

    /// <summary>The feature at one more frame, in millivolts.</summary>
    public double Next(ReadOnlySpan<double> frame)
    {
        var now = (int)(_sample % HistoryFrames) * _stride;
        var middle = (int)((_sample + HistoryFrames - Half) % HistoryFrames) * _stride;
        var old = (int)((_sample + HistoryFrames - (2 * Half)) % HistoryFrames) * _stride;
        ref var history = ref MemoryMarshal.GetArrayDataReference(_cumulative);
        var total = Vector256<double>.Zero;
        for (var lane = 0; lane < _stride; lane += Vector256<double>.Count)
        {
            var running = Vector256.Create<double>(_running.AsSpan(lane)) + Vector256.Create(frame[lane..]);
            running.CopyTo(_running.AsSpan(lane));
            running.StoreUnsafe(ref history, (nuint)(now + lane));
            var before = Vector256.LoadUnsafe(ref history, (nuint)(middle + lane));
            var difference = running - before - before + Vector256.LoadUnsafe(ref history, (nuint)(old + lane));
            total += Vector256.Abs(difference) * Vector256.Create<double>(_weights.AsSpan(lane));
        }

        var slope = Vector256.Sum(total);
        var slot = (int)(_sample % SumFrames);
        _sum += slope - _slopes[(int)((_sample + SumFrames - Integration) % SumFrames)];
        _slopes[slot] = slope;
        _sample++;
        return Math.Max(0, _sum / Integration);
    }
}
