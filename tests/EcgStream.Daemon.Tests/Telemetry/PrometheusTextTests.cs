using System.Diagnostics.Metrics;
using System.Globalization;
using EcgStream.Daemon.Telemetry.Exposition;
using EcgStream.Daemon.Tests.Journal;

namespace EcgStream.Daemon.Tests.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly TestMeterFactory _meters = new();
    private readonly MetricStore _store;
    private readonly Meter _meter;

    public PrometheusTextTests()
    {
        _meter = _meters.Create(new MeterOptions("EcgStream"));
        _store = new MetricStore(_meters);
        _store.Start();
    }

    [Fact]
    public void Write_Counter_HasTotalAndLabels()
    {
        var counter = _meter.CreateCounter<long>("ecg.test.rows", "{row}", "Rows");
        counter.Add(3, new("kind", "a"), new("who", 1));
        counter.Add(4, new("kind", "a"), new("who", 1));
        counter.Add(1, new("kind", "b"), new("who", 1));
        Assert.Equal(["# HELP ecg_test_rows_total Rows", "# TYPE ecg_test_rows_total counter", "ecg_test_rows_total{kind=\"a\",who=\"1\"} 7", "ecg_test_rows_total{kind=\"b\",who=\"1\"} 1"], Lines("ecg_test_rows").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_TextsThatBreakTheFormat_AreEscaped()
    {
        _meter.CreateObservableGauge("ecg.test.level", () => new Measurement<double>(double.PositiveInfinity, new KeyValuePair<string, object?>("a.b", "x\"y\\z\nw")), "1", "one\\\ntwo \"three\"");
        Assert.Equal(
            ["# HELP ecg_test_level_ratio one\\\\\\ntwo \"three\"", "# TYPE ecg_test_level_ratio gauge", "ecg_test_level_ratio{a_b=\"x\\\"y\\\\z\\nw\"} +Inf"], Lines("ecg_test_level"));
    }

    [Fact]
    public void Write_Histogram_CountsEachValueInEveryBucketFromItsOwnOn()
    {
        const int seed = 7;
        var random = new Random(seed);
        double[] bounds = [0.01, 0.1, 1];
        var histogram = _meter.CreateHistogram("ecg.test.duration", "s", "d", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
        double[] values = [0.01, 0.1, 1, .. Enumerable.Range(0, 500).Select(_ => random.NextDouble() * 2)];
        foreach (var value in values)
        {
            histogram.Record(value);
        }

        var lines = Lines("ecg_test_duration");
        foreach (var bound in bounds)
        {
            var expected = string.Create(CultureInfo.InvariantCulture, $"ecg_test_duration_seconds_bucket{{le=\"{bound}\"}} {values.Count(value => value <= bound)}");
            Assert.True(lines.Contains(expected), $"seed {seed}: {expected} is not in\n{string.Join('\n', lines)}");
        }

        Assert.Contains($"ecg_test_duration_seconds_bucket{{le=\"+Inf\"}} {values.Length}", lines);
        Assert.Contains($"ecg_test_duration_seconds_count {values.Length}", lines);
        var sum = double.Parse(lines.Single(line => line.StartsWith("ecg_test_duration_seconds_sum", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.Equal(values.Sum(), sum, 1e-9);
    }

    [Fact]
    public void Write_MoreTagsThanAFamilyHolds_CountsTheRestTogether()
    {
        var counter = _meter.CreateCounter<long>("ecg.test.many");
        for (var i = 0; i < MetricFamily.MaxSeries + 100; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("n", i));
        }

        var lines = Lines("ecg_test_many").Where(line => line[0] != '#').ToList();
        Assert.Equal(MetricFamily.MaxSeries + 1, lines.Count);
        Assert.Contains("ecg_test_many_total{overflow=\"true\"} 100", lines);
    }

    [Fact]
    public void Write_ObservedTagsThatAreGone_AreNoLongerTold()
    {
        var name = "first";
        _meter.CreateObservableGauge("ecg.test.now", () => new Measurement<int>(1, new KeyValuePair<string, object?>("n", name)));
        Assert.Contains("ecg_test_now{n=\"first\"} 1", Lines("ecg_test_now"));
        name = "second";
        Assert.DoesNotContain("ecg_test_now{n=\"first\"} 1", Lines("ecg_test_now"));
    }

    [Fact]
    public void Record_SeriesThatExists_AllocatesNothing()
    {
        var counter = _meter.CreateCounter<long>("ecg.test.calm");
        var histogram = _meter.CreateHistogram<double>("ecg.test.calm.duration", "s");
        object one = "a";
        for (var i = 0; i < 100; i++)
        {
            counter.Add(1, new("kind", one), new("way", "x"));
            histogram.Record(0.5, new KeyValuePair<string, object?>("kind", one));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            counter.Add(1, new("kind", one), new("way", "x"));
            histogram.Record(0.5, new KeyValuePair<string, object?>("kind", one));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Store_InstrumentsOfAnotherFactory_AreNotCounted()
    {
        using var others = new TestMeterFactory();
        others.Create(new MeterOptions("EcgStream")).CreateCounter<long>("ecg.test.other").Add(1);
        Assert.Empty(Lines("ecg_test_other"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _meters.Dispose();
    }

    private List<string> Lines(string name) =>
        [.. PrometheusText.Write(_store).Split('\n').Where(line => line.Replace("# HELP ", "", StringComparison.Ordinal).Replace("# TYPE ", "", StringComparison.Ordinal).StartsWith(name, StringComparison.Ordinal))];
}
