using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// The shapes of beats that a patient has shown lately: up to five running means per candidate lead, each a cluster of beats whose QRS complexes correlate by 0.88 or more.
/// The dominant one, the patient's template, is that of most of the recent beats; premature ones count a fifth, so that bigeminy does not turn it over, and narrow complexes
/// up to four times as much as wide ones, for those are seldom the ectopic ones. It is known from three beats on. One beat is loaded, matched and then learned at a time. One thread.
/// </summary>
internal sealed class BeatShapes
{
    private const int Shapes = 5;
    private const double SameShape = 0.88;
    private const int MeanMemory = 32;
    private const double Forget = 1 - (1.0 / 256);
    private const int LeastBeats = 3;
    private const double WidthMemory = 1.0 / 16;
    private const double Hysteresis = 1.2;
    private const double LeastClaim = 0.25;

    // 60 ms: what seems narrower is noise, or a measurement in a small lead.
    private const double LeastWidth = 30;

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
    private readonly double[] _shapeWidths = new double[Shapes];
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
        var width = WidthOf(usable);
        _shapeWidths[shape] = _beats[shape] == 0 ? width : _shapeWidths[shape] + (WidthMemory * (width - _shapeWidths[shape]));
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

    // In the largest of the leads: the width in a small one is that of its noise.
    private double WidthOf(uint usable)
    {
        double range = -1, width = 0;
        for (var row = 0; row < _rows; row++)
        {
            if ((usable & (1u << row)) != 0)
            {
                var size = FrameMath.Range(_beat.AsSpan((row * BeatFrame.WideLength) + BeatFrame.Reach + BeatFrame.QrsFrom, BeatFrame.QrsTo - BeatFrame.QrsFrom));
                (range, width) = size > range ? (size, _width[row]) : (range, width);
            }
        }

        return width;
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
        var narrowest = double.MaxValue;
        for (var shape = 0; shape < Shapes; shape++)
        {
            narrowest = _beats[shape] >= LeastBeats ? Math.Min(narrowest, _shapeWidths[shape]) : narrowest;
        }

        var dominant = Dominant;
        for (var shape = 0; shape < Shapes; shape++)
        {
            if (_beats[shape] >= LeastBeats && (dominant < 0 || Claim(shape, narrowest) > (dominant == Dominant ? Hysteresis : 1) * Claim(dominant, narrowest)))
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

    private double Claim(int shape, double narrowest)
    {
        var share = Math.Max(narrowest, LeastWidth) / Math.Max(_shapeWidths[shape], LeastWidth);
        return _weights[shape] * Math.Max(LeastClaim, share * share);
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

    // Over both leads at once, so that the larger one counts more: a small lead full of noise must not tear a shape apart.
    private double Joint(int shape, int first, int second, int shift)
    {
        double both = 0, squaresBeat = 0, squaresMean = 0;
        Accumulate(shape, first, shift, ref both, ref squaresBeat, ref squaresMean);
        Accumulate(shape, second, shift, ref both, ref squaresBeat, ref squaresMean);
        return squaresMean > 0 ? FrameMath.Correlation(both, squaresBeat, squaresMean) : -2;
    }

    private void Accumulate(int shape, int row, int shift, ref double both, ref double squaresBeat, ref double squaresMean)
    {
        if (row >= 0 && _counts[(shape * _rows) + row] > 0)
        {
            FrameMath.Accumulate(
                _beat.AsSpan((row * BeatFrame.WideLength) + BeatFrame.Reach + shift + BeatFrame.QrsFrom, BeatFrame.QrsTo - BeatFrame.QrsFrom),
                Mean(shape, row)[BeatFrame.QrsFrom..BeatFrame.QrsTo],
                ref both,
                ref squaresBeat,
                ref squaresMean);
        }
    }

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
