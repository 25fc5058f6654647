using EcgStream.Core.Signals;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Evaluation.Tests.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Tests.BadInput;

/// <summary>Two leads of regular beats at 500 Hz and 5 µV per LSB, to which a test adds what is bad; the front end clips at the ends of int16.</summary>
internal sealed class MadeSignal
{
    public const int Rate = 500;
    private const double Microvolts = 5;

    private readonly double[][] _millivolts;

    /// <param name="seconds">Length.</param>
    /// <param name="beatsPerMinute">The first beat comes half an interval after the start.</param>
    /// <param name="qrsMillivolts">Height of the QRS complex, a triangle of 80 ms with a small S wave.</param>
    /// <param name="tMillivolts">Height of the T wave, a half sine of 180 ms that ends 350 ms after the QRS complex began; none over 170 per minute.</param>
    public MadeSignal(double seconds, double beatsPerMinute, double qrsMillivolts = 1, double tMillivolts = 0.25)
    {
        var count = (int)(seconds * Rate);
        _millivolts = [new double[count], new double[count]];
        var interval = 60 / beatsPerMinute;
        for (var beat = 0; (beat + 0.5) * interval < seconds; beat++)
        {
            Beats.Add((beat + 0.5) * interval);
        }

        var random = new Random(7);
        var width = Math.Min(0.04, interval / 6);
        for (var sample = 0; sample < count; sample++)
        {
            var time = (double)sample / Rate;
            var since = time - ((Math.Floor((time / interval) - 0.25) + 0.5) * interval);
            var qrs = qrsMillivolts * (Math.Max(0, 1 - (Math.Abs(since) / width)) - (0.2 * Math.Max(0, 1 - (Math.Abs(since - (1.5 * width)) / width))));
            var inT = (since + 0.04 - 0.17) / 0.18;
            var t = beatsPerMinute <= 170 && inT is > 0 and < 1 ? tMillivolts * Math.Sin(Math.PI * inT) : 0;
            for (var lead = 0; lead < _millivolts.Length; lead++)
            {
                _millivolts[lead][sample] = ((1 - (0.3 * lead)) * (qrs + t)) + (0.005 * (random.NextDouble() - 0.5));
            }
        }
    }

    /// <summary>Seconds of the R peaks.</summary>
    public List<double> Beats { get; } = [];

    /// <summary>Changes samples of both leads, or of one, from one second to another.</summary>
    public MadeSignal Change(double from, double to, Func<int, double, double> change, int? only = null)
    {
        foreach (var lead in only is { } index ? [_millivolts[index]] : _millivolts)
        {
            for (var sample = (int)(from * Rate); sample < Math.Min(lead.Length, (int)(to * Rate)); sample++)
            {
                lead[sample] = change(sample, lead[sample]);
            }
        }

        return this;
    }

    /// <summary>Runs it through the pipeline.</summary>
    public CollectingSink Run(Func<double, uint>? electrodesOff = null)
    {
        var samples = Array.ConvertAll(_millivolts, lead => Array.ConvertAll(lead, value => (short)Math.Clamp(Math.Round(value * 1000 / Microvolts), short.MinValue, short.MaxValue)));
        var info = new RecordingInfo { Name = "made", SourcePath = "made", SampleRateHz = Rate, Leads = [Lead.II, Lead.V1] };
        var sink = new CollectingSink();
        new RecordRunner(options: new RunOptions { ElectrodesOff = electrodesOff }).Run(
            Recording.FromDigital(info, samples, [new LeadScale(Microvolts, 0), new LeadScale(Microvolts, 0)]), sink, cancellation: TestContext.Current.CancellationToken);
        return sink;
    }

    /// <summary>Seconds of the beats found.</summary>
    public static double[] Seconds(CollectingSink sink) => [.. sink.Beats.Select(beat => (beat.TimeUnixNs - RunOptions.StartUnixNs) * 1e-9)];

    /// <summary>Each beat from one second to another is found once, that near, and nothing else.</summary>
    public void AssertFound(CollectingSink sink, double from, double to, double withinSeconds = 0.06)
    {
        double[] truth = [.. Beats.Where(second => second > from && second < to)];
        var half = (Beats[1] - Beats[0]) / 2;
        double[] found = [.. Seconds(sink).Where(second => second > truth[0] - half && second < truth[^1] + half)];
        Assert.Equal(truth.Length, found.Length);
        Assert.All(truth.Zip(found), pair => Assert.Equal(pair.First, pair.Second, withinSeconds));
    }
}
