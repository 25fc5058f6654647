using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// What the feature amounts to per lead at beats and at the peaks between them, and the leads' weights that follow from signal over noise.
/// A lead full of artefacts then does not drown the clean ones. Every lead goes on being measured whatever its weight, so that one that recovers counts again. One thread.
/// </summary>
internal sealed class LeadLevels
{
    // What was learned in the first seconds may have been noise before the electrodes sat: the first beats count in full.
    private const int Young = 8;

    // Noise under this is not worth telling apart.
    private const double LeastNoiseMillivolts = 0.02;

    private readonly QrsTuning _tuning;
    private readonly double[] _signal;
    private readonly double[] _noise;
    private readonly bool[] _usable;
    private readonly double[] _weights;
    private int _beats;

    public LeadLevels(int leads, QrsTuning tuning)
    {
        _tuning = tuning;
        _signal = new double[leads];
        _noise = new double[leads];
        _usable = new bool[leads];
        _weights = new double[LaneMath.Stride(leads)];
        Array.Fill(_usable, true);
        Weigh();
    }

    /// <summary>Share of each lane, padding included; their sum is 1, or 0 when no lead is usable.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The feature of each lane at recent beats.</summary>
    public ReadOnlySpan<double> Beats => _signal;

    /// <summary>The weighted feature at recent beats.</summary>
    public double Signal => Weighted(_signal);

    /// <summary>The weighted feature at recent peaks that were no beats.</summary>
    public double Noise => Weighted(_noise);

    /// <summary>Says which lanes to look at.</summary>
    public void Use(ReadOnlySpan<bool> usable)
    {
        usable.CopyTo(_usable);
        Weigh();
    }

    public double Weighted(ReadOnlySpan<double> lanes)
    {
        var sum = 0.0;
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            sum += _weights[lane] * lanes[lane];
        }

        return sum;
    }

    /// <summary>The weighted sum where no lane counts as more than so many times its level: what one lane alone shows is rather an artefact.</summary>
    public double Limited(ReadOnlySpan<double> lanes, ReadOnlySpan<double> levels, double limit)
    {
        var sum = 0.0;
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            sum += _weights[lane] * Math.Min(lanes[lane], (limit * levels[lane]) + LeastNoiseMillivolts);
        }

        return sum;
    }

    /// <summary>The largest share of its own beats' level that any usable lane reaches alone.</summary>
    /// <param name="lanes">Features of a peak.</param>
    /// <param name="timesNoise">How many times its own noise a lane must reach to count.</param>
    /// <param name="floor">What it must reach at least, in millivolts.</param>
    public double Lone(ReadOnlySpan<double> lanes, double timesNoise, double floor)
    {
        var best = 0.0;
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            if (_usable[lane] && lanes[lane] > Math.Max(floor, timesNoise * _noise[lane]))
            {
                best = Math.Max(best, lanes[lane] / _signal[lane]);
            }
        }

        return best;
    }

    /// <summary>Sets the level of beats, as far as it is known at the start.</summary>
    public void Learn(ReadOnlySpan<double> lanes)
    {
        lanes.CopyTo(_signal);
        _beats = 0;
        Weigh();
    }

    public void AddBeat(ReadOnlySpan<double> lanes)
    {
        var clip = _beats < Young ? 1e6 : _tuning.Clip;
        _beats = Math.Min(Young, _beats + 1);
        for (var lane = 0; lane < _signal.Length; lane++)
        {
            _signal[lane] += _tuning.SignalMemory * (Math.Min(lanes[lane], (clip * _signal[lane]) + LeastNoiseMillivolts) - _signal[lane]);
        }

        Weigh();
    }

    public void AddNoise(ReadOnlySpan<double> lanes)
    {
        for (var lane = 0; lane < _noise.Length; lane++)
        {
            _noise[lane] += _tuning.NoiseMemory * (Math.Min(lanes[lane], _signal[lane] + LeastNoiseMillivolts) - _noise[lane]);
        }

        Weigh();
    }

    private void Weigh()
    {
        var sum = 0.0;
        for (var lane = 0; lane < _signal.Length; lane++)
        {
            var noise = _noise[lane] + LeastNoiseMillivolts;
            _weights[lane] = _usable[lane] ? Power((_signal[lane] + LeastNoiseMillivolts) / noise) : 0;
            sum += _weights[lane];
        }

        for (var lane = 0; sum > 0 && lane < _signal.Length; lane++)
        {
            _weights[lane] /= sum;
        }
    }

    private double Power(double ratio) => _tuning.WeightPower == 1 ? ratio : Math.Pow(ratio, _tuning.WeightPower);
}
