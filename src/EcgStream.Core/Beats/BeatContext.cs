using EcgStream.Core.Signals;

namespace EcgStream.Core.Beats;

/// <summary>
/// What a session knows of its patient's beats when one more is to be classified: RR intervals and shapes before it, and the RR interval behind it. Causal except for
/// that one. One thread.
/// </summary>
internal sealed class BeatContext(int rows)
{
    /// <summary>An RR interval behind the beat counts up to here; later ones are "late".</summary>
    public const int LongestPost = SampleClock.RateHz * 14 / 10;

    private const int Few = 8;
    private const double LongestPre = 3 * SampleClock.RateHz;
    private const double Limit = 2;
    private const double Premature = -0.08;
    private const double LeastSize = 0.02;
    private const double MostSurprise = 4;
    private const double LeastIrregularity = 0.03;
    private const double UsualMemory = 1.0 / 32;
    private const double LeastDissimilarity = 0.01;
    private const double LeastDifference = 0.004;
    private const int Measures = 3;
    private const int RatiosKept = 16;
    private const double CalmCorrelation = 0.9;

    private readonly float[] _features = new float[BeatFeatures.Count];
    private readonly double[] _usual = new double[Measures * rows];
    private readonly double[] _ratios = new double[RatiosKept];
    private int _nextRatio;
    private double _lastPreRatio;
    private double _lastCorrelation = 1;
    private bool _lastCalm;
    private int _first = -1;
    private int _second = -1;

    public RrHistory Intervals { get; } = new();

    public CalmIntervals Calm { get; } = new();

    public BeatShapes Shapes { get; } = new(rows);

    public ReadOnlySpan<float> Features => _features;

    /// <summary>A segment begins.</summary>
    public void Clear()
    {
        Intervals.Clear();
        Array.Clear(_ratios);
        _lastPreRatio = 0;
        _lastCorrelation = 1;
        _lastCalm = false;
    }

    /// <summary>Describes a beat by those before it; <see cref="Learn"/> comes next.</summary>
    /// <param name="pre">RR before, samples; 0 = none.</param>
    /// <param name="post">RR behind, samples; 0 = late.</param>
    /// <param name="first">Candidate row of the first lead, loaded into <see cref="Shapes"/>; -1 = none is usable.</param>
    /// <param name="second">Candidate row of the second, or -1.</param>
    public void Describe(double pre, double post, int first, int second)
    {
        Array.Clear(_features);
        DescribeIntervals(pre, post);
        (_first, _second) = (first, second);
        if (first >= 0)
        {
            Shapes.Match(first, second);
            DescribeShape(first, second);
        }
    }

    /// <summary>Takes the described beat over into what is known.</summary>
    /// <param name="pre">As described.</param>
    /// <param name="usable">Bits of the rows that were loaded; 0 = only the RR interval is learned.</param>
    public void Learn(double pre, uint usable)
    {
        _lastPreRatio = this[BeatFeature.PreRatio];
        _ratios[_nextRatio] = _lastPreRatio;
        _nextRatio = (_nextRatio + 1) % _ratios.Length;
        if (usable != 0)
        {
            if (Shapes.Best >= 0 && Shapes.Best == Shapes.Dominant)
            {
                LearnUsual(_first, 0);
                LearnUsual(_second, SecondLead);
            }

            Shapes.Learn(usable, _lastPreRatio < Premature);
            _lastCorrelation = this[BeatFeature.QrsCorrelation1];
        }

        var calm = this[BeatFeature.ShapeIsDominant] > 0 && this[BeatFeature.ShapeCorrelation] > CalmCorrelation;
        if (pre > 0)
        {
            Intervals.Add(pre);
            if (calm && _lastCalm)
            {
                Calm.Add(pre);
            }
        }

        _lastCalm = calm;
    }

    private const int SecondLead = BeatFeature.QrsCorrelation2 - BeatFeature.QrsCorrelation1;

    private float this[BeatFeature feature]
    {
        get => _features[(int)feature];
        set => _features[(int)feature] = value;
    }

    private void DescribeIntervals(double pre, double post)
    {
        pre = Math.Min(pre, LongestPre);
        var late = post <= 0 || post > LongestPost;
        var behind = late ? LongestPost : post;
        var median = Intervals.Median(Few) is > 0 and var known ? known : pre;
        this[BeatFeature.PreRatio] = Ratio(pre, median);
        this[BeatFeature.PostRatio] = Ratio(behind, median);
        this[BeatFeature.PrePreRatio] = Ratio(pre, Intervals.Last);
        this[BeatFeature.PostPreRatio] = Ratio(behind, pre);
        this[BeatFeature.PreLongRatio] = Ratio(pre, Intervals.LongMean);
        this[BeatFeature.MedianLongRatio] = Ratio(median, Intervals.LongMean);
        this[BeatFeature.PreSeconds] = (float)(pre / SampleClock.RateHz);
        this[BeatFeature.PostSeconds] = (float)(behind / SampleClock.RateHz);
        this[BeatFeature.MedianSeconds] = (float)(median / SampleClock.RateHz);
        this[BeatFeature.Irregularity8] = (float)Intervals.Irregularity(Few);
        this[BeatFeature.Irregularity32] = (float)Intervals.Irregularity(RrHistory.Capacity);
        this[BeatFeature.PreRank] = pre > 0 ? (float)Intervals.Rank(pre) : 0.5f;
        this[BeatFeature.NextLate] = late ? 1 : 0;
        this[BeatFeature.Known] = (float)Intervals.Count / RrHistory.Capacity;
        var upper = Intervals.UpperFifth() is > 0 and var fifth ? fifth : pre;
        this[BeatFeature.PreUpperRatio] = Ratio(pre, upper);
        this[BeatFeature.PostUpperRatio] = Ratio(behind, upper);
        this[BeatFeature.LeastPreRatio] = (float)LeastOf(_ratios);
        var steadiness = this[BeatFeature.Irregularity32] + LeastIrregularity;
        this[BeatFeature.PreSurprise] = (float)Math.Clamp(this[BeatFeature.PreRatio] / steadiness, -MostSurprise, MostSurprise);
        this[BeatFeature.PreLongSurprise] = (float)Math.Clamp(this[BeatFeature.PreLongRatio] / steadiness, -MostSurprise, MostSurprise);
        DescribeOrder();
        this[BeatFeature.LastPreRatio] = (float)_lastPreRatio;
        this[BeatFeature.LastCorrelation] = (float)_lastCorrelation;
    }

    private void DescribeOrder()
    {
        var order = (float)Calm.Order;
        this[BeatFeature.CalmIrregularity] = (float)Math.Min(Limit, Calm.Irregularity);
        this[BeatFeature.CalmSpread] = (float)Math.Min(Limit, Calm.Spread);
        this[BeatFeature.Order] = order;
        this[BeatFeature.OrderedPreRatio] = order * this[BeatFeature.PreRatio];
        this[BeatFeature.OrderedPostRatio] = order * this[BeatFeature.PostRatio];
        this[BeatFeature.OrderedPreLongRatio] = order * this[BeatFeature.PreLongRatio];
        this[BeatFeature.OrderedPreUpperRatio] = order * this[BeatFeature.PreUpperRatio];
        this[BeatFeature.OrderedPostUpperRatio] = order * this[BeatFeature.PostUpperRatio];
    }

    private void DescribeShape(int first, int second)
    {
        this[BeatFeature.ShapeShare] = (float)Shapes.Share;
        this[BeatFeature.ShapeCorrelation] = (float)Shapes.BestCorrelation;
        this[BeatFeature.ShapeIsDominant] = Shapes.Best >= 0 && Shapes.Best == Shapes.Dominant ? 1 : 0;
        DescribeLead(first, 0);
        if (second >= 0)
        {
            DescribeLead(second, SecondLead);
        }
    }

    private void DescribeLead(int row, int offset)
    {
        var beat = Shapes.Aligned(row);
        var template = Shapes.Template(row);
        var size = Math.Max(LeastSize, FrameMath.Range(template[BeatFrame.QrsFrom..BeatFrame.QrsTo]));
        this[BeatFeature.QrsCorrelation1 + offset] =
            (float)FrameMath.Correlation(beat[BeatFrame.QrsFrom..BeatFrame.QrsTo], template[BeatFrame.QrsFrom..BeatFrame.QrsTo]);
        this[BeatFeature.QrsAmplitude1 + offset] = Ratio(Math.Max(LeastSize, FrameMath.Range(beat[BeatFrame.QrsFrom..BeatFrame.QrsTo])), size);
        this[BeatFeature.PCorrelation1 + offset] =
            (float)FrameMath.Correlation(beat[BeatFrame.PFrom..BeatFrame.PTo], template[BeatFrame.PFrom..BeatFrame.PTo]);
        this[BeatFeature.PDifference1 + offset] =
            (float)Math.Min(Limit, FrameMath.Difference(beat[BeatFrame.PFrom..BeatFrame.PTo], template[BeatFrame.PFrom..BeatFrame.PTo]) / size);
        this[BeatFeature.TDifference1 + offset] =
            (float)Math.Min(Limit, FrameMath.Difference(beat[BeatFrame.TFrom..BeatFrame.TTo], template[BeatFrame.TFrom..BeatFrame.TTo]) / size);
        this[BeatFeature.Width1 + offset] = (float)(Shapes.Width(row) * 10 / SampleClock.RateHz);
        this[BeatFeature.WidthRatio1 + offset] = Ratio(Shapes.Width(row), Shapes.UsualWidth(row));
        this[BeatFeature.TemplateP1 + offset] =
            (float)Math.Min(Limit, FrameMath.Range(template[BeatFrame.PFrom..BeatFrame.PTo]) / size);
        Surprise(row, offset);
    }

    // What was usual up to here; 0 in the place of a row is "not known yet".
    private void Surprise(int row, int offset)
    {
        var usual = _usual.AsSpan(row * Measures, Measures);
        this[BeatFeature.UsualWidth1 + offset] = (float)(Shapes.UsualWidth(row) * 10 / SampleClock.RateHz);
        this[BeatFeature.QrsSurprise1 + offset] = Ratio(Dissimilarity(offset), usual[0]);
        this[BeatFeature.PSurprise1 + offset] = Ratio(this[BeatFeature.PDifference1 + offset] + LeastDifference, usual[1]);
        this[BeatFeature.TSurprise1 + offset] = Ratio(this[BeatFeature.TDifference1 + offset] + LeastDifference, usual[2]);
    }

    private void LearnUsual(int row, int offset)
    {
        if (row < 0)
        {
            return;
        }

        var usual = _usual.AsSpan(row * Measures, Measures);
        Average(ref usual[0], Dissimilarity(offset));
        Average(ref usual[1], this[BeatFeature.PDifference1 + offset] + LeastDifference);
        Average(ref usual[2], this[BeatFeature.TDifference1 + offset] + LeastDifference);

        static void Average(ref double usual, double value) => usual = usual == 0 ? value : usual + (UsualMemory * (value - usual));
    }

    private static double LeastOf(ReadOnlySpan<double> values)
    {
        var least = 0.0;
        foreach (var value in values)
        {
            least = Math.Min(least, value);
        }

        return least;
    }

    private double Dissimilarity(int offset) => 1 - this[BeatFeature.QrsCorrelation1 + offset] + LeastDissimilarity;

    private static float Ratio(double value, double reference) =>
        value > 0 && reference > 0 ? (float)Math.Clamp(Math.Log(value / reference), -Limit, Limit) : 0;
}
