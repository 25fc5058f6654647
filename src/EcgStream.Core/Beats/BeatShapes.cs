using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// The shapes of beats that a patient has shown lately: up to five running means per candidate lead, each a cluster of beats whose QRS complexes correlate by 0.9 or more.
/// The dominant one, the patient's template, is that of most of the recent beats; premature ones count a fifth, so that bigeminy does not turn it over. It is known
/// from three beats on. One beat is loaded, matched and then learned at a time. One thread.
/// </summary>
internal sealed class BeatShapes
{
    private const int Shapes = 5;
    private const double SameShape = 0.9;
    private const int MeanMemory = 32;
    private const double Forget = 1 - (1.0 / 256);
    private const int LeastBeats = 3;
    private const double WidthMemory = 1.0 / 16;

    private const int SlopeReach = 3;
    private const int WidthReach = 60;
    private const double SlopeShare = 0.2;

    private readonly int _rows;
    private readonly float[] _beat;
    private readonly float[] _means;
    private readonly int[] _counts;
    private readonly int[] _beats = new int[Shapes];
    private readonly double[] _weights = new double[Shapes];
    private readonly double[] _width;
    private readonly double[] _usualWidth;
    private readonly int[] _shifts = new int[Shapes];
    private readonly double[] _correlations = new double[Shapes];

    public BeatShapes(int rows)
    {
        _rows = rows;
        _beat = new float[rows * BeatFrame.WideLength];
        _means = new float[Shapes * rows * BeatFrame.Length];
        _counts = new int[Shapes * rows];
        _width = new double[rows];
        _usualWidth = new double[rows];
    }

    /// <summary>The patient's template; -1 while it is not known.</summary>
    public int Dominant { get; private set; } = -1;

    /// <summary>The shape that the loaded beat looks like most; -1 when there is none yet.</summary>
    public int Best { get; private set; } = -1;

    /// <summary>Frames by which the loaded beat lies behind the template.</summary>
    public int Shift => Dominant < 0 ? 0 : _shifts[Dominant];

    public double BestCorrelation => Best < 0 ? 0 : _correlations[Best];

    /// <summary>Share of recent beats that had the loaded beat's shape; 0 when it is a new one.</summary>
    public double Share
    {
        get
        {
            var all = 0.0;
            foreach (var weight in _weights)
            {
                all += weight;
            }

            return Best < 0 || BestCorrelation < SameShape || all == 0 ? 0 : _weights[Best] / all;
        }
    }

    /// <summary>Width of the loaded QRS complex in a row, samples at 500 Hz.</summary>
    public double Width(int row) => _width[row];

    /// <summary>Running width of the template's beats; 0 when not known.</summary>
    public double UsualWidth(int row) => _usualWidth[row];

    /// <summary>Takes one row of a beat.</summary>
    /// <param name="row">Candidate row.</param>
    /// <param name="samples">500 Hz, <see cref="BeatFrame.WideSamples"/> from <see cref="BeatFrame.WideBefore"/> before the R peak on.</param>
    public void Load(int row, ReadOnlySpan<float> samples)
    {
        var wide = _beat.AsSpan(row * BeatFrame.WideLength, BeatFrame.WideLength);
        for (var frame = 0; frame < wide.Length; frame++)
        {
            wide[frame] = samples[frame * BeatFrame.Factor];
        }

        _width[row] = MeasureWidth(samples);
    }

    /// <summary>Compares the loaded beat with every shape in one row or two.</summary>
    public void Match(int first, int second)
    {
        Best = -1;
        for (var shape = 0; shape < Shapes; shape++)
        {
            _correlations[shape] = -2;
            _shifts[shape] = 0;
            for (var shift = -BeatFrame.Reach; _beats[shape] > 0 && shift <= BeatFrame.Reach; shift++)
            {
                var correlation = Joint(shape, first, second, shift);
                if (correlation > _correlations[shape])
                {
                    (_correlations[shape], _shifts[shape]) = (correlation, shift);
                }
            }

            if (_correlations[shape] > -2 && (Best < 0 || _correlations[shape] > _correlations[Best]))
            {
                Best = shape;
            }
        }
    }

    /// <summary>The loaded beat in a row, shifted onto the template.</summary>
    public ReadOnlySpan<float> Aligned(int row) => _beat.AsSpan((row * BeatFrame.WideLength) + BeatFrame.Reach + Shift, BeatFrame.Length);

    /// <summary>The template in a row; the beat itself while there is none.</summary>
    public ReadOnlySpan<float> Template(int row) => HasTemplate(row) ? Mean(Dominant, row) : Aligned(row);

    public bool HasTemplate(int row) => Dominant >= 0 && _counts[(Dominant * _rows) + row] > 0;

    /// <summary>Adds the loaded and matched beat to its shape, or begins a new one in place of the rarest.</summary>
    /// <param name="usable">Bits of the rows that were loaded.</param>
    /// <param name="premature">It counts less.</param>
    public void Learn(uint usable, bool premature)
    {
        var shape = Best;
        if (shape < 0 || BestCorrelation < SameShape)
        {
            shape = Rarest();
            _counts.AsSpan(shape * _rows, _rows).Clear();
            (_weights[shape], _beats[shape], _shifts[shape]) = (0, 0, 0);
        }

        for (var row = 0; row < _rows; row++)
        {
            if ((usable & (1u << row)) != 0)
            {
                Average(shape, row);
            }
        }

        for (var other = 0; other < Shapes; other++)
        {
            _weights[other] *= Forget;
        }

        _weights[shape] += premature ? 0.2 : 1;
        _beats[shape]++;
        Choose();
        for (var row = 0; shape == Dominant && row < _rows; row++)
        {
            if ((usable & (1u << row)) != 0)
            {
                _usualWidth[row] = _usualWidth[row] == 0 ? _width[row] : _usualWidth[row] + (WidthMemory * (_width[row] - _usualWidth[row]));
            }
        }
    }

    private void Average(int shape, int row)
    {
        ref var count = ref _counts[(shape * _rows) + row];
        count = Math.Min(MeanMemory, count + 1);
        var mean = _means.AsSpan(((shape * _rows) + row) * BeatFrame.Length, BeatFrame.Length);
        var beat = _beat.AsSpan((row * BeatFrame.WideLength) + BeatFrame.Reach + _shifts[shape], BeatFrame.Length);
        for (var frame = 0; frame < mean.Length; frame++)
        {
            mean[frame] = count == 1 ? beat[frame] : mean[frame] + ((beat[frame] - mean[frame]) / count);
        }
    }

    private void Choose()
    {
        var dominant = Dominant;
        for (var shape = 0; shape < Shapes; shape++)
        {
            if (_beats[shape] >= LeastBeats && (dominant < 0 || _weights[shape] > _weights[dominant]))
            {
                dominant = shape;
            }
        }

        if (dominant != Dominant)
        {
            Array.Clear(_usualWidth);
        }

        Dominant = dominant;
    }

    private int Rarest()
    {
        var rarest = -1;
        for (var shape = 0; shape < Shapes; shape++)
        {
            if (shape != Dominant && (rarest < 0 || _weights[shape] < _weights[rarest]))
            {
                rarest = shape;
            }
        }

        return rarest;
    }

    private double Joint(int shape, int first, int second, int shift)
    {
        var one = Correlation(shape, first, shift);
        var other = second < 0 ? double.NaN : Correlation(shape, second, shift);
        return double.IsNaN(one) ? double.IsNaN(other) ? -2 : other : double.IsNaN(other) ? one : (one + other) / 2;
    }

    private double Correlation(int shape, int row, int shift) => _counts[(shape * _rows) + row] == 0
        ? double.NaN
        : FrameMath.Correlation(
            _beat.AsSpan((row * BeatFrame.WideLength) + BeatFrame.Reach + shift + BeatFrame.QrsFrom, BeatFrame.QrsTo - BeatFrame.QrsFrom),
            Mean(shape, row)[BeatFrame.QrsFrom..BeatFrame.QrsTo]);

    private ReadOnlySpan<float> Mean(int shape, int row) => _means.AsSpan(((shape * _rows) + row) * BeatFrame.Length, BeatFrame.Length);

    private static double MeasureWidth(ReadOnlySpan<float> samples)
    {
        const int Middle = BeatFrame.WideBefore;
        var steepest = 0f;
        for (var at = Middle - WidthReach; at <= Middle + WidthReach; at++)
        {
            steepest = Math.Max(steepest, Math.Abs(samples[at + SlopeReach] - samples[at - SlopeReach]));
        }

        int first = Middle, last = Middle;
        for (var at = Middle - WidthReach; at <= Middle + WidthReach; at++)
        {
            if (Math.Abs(samples[at + SlopeReach] - samples[at - SlopeReach]) > SlopeShare * steepest)
            {
                first = Math.Min(first, at);
                last = Math.Max(last, at);
            }
        }

        return last - first;
    }
}
