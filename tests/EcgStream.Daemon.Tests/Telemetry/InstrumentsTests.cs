using System.Diagnostics.Metrics;
using EcgStream.Daemon.Storage.Influx;
using EcgStream.Daemon.Telemetry;
using EcgStream.Daemon.Tests.Journal;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace EcgStream.Daemon.Tests.Telemetry;

/// <summary>What the meter provider makes of the daemon's instruments, read as <c>ecg_pipeline</c> reads it.</summary>
public sealed class InstrumentsTests : IDisposable
{
    private readonly TestMeterFactory _meters = new();
    private readonly PipelineReadings _readings = new();
    private readonly MeterProvider _provider;
    private readonly Meter _meter;

    public InstrumentsTests()
    {
        _provider = Sdk.CreateMeterProviderBuilder().AddEcgInstruments(_meters).AddReader(_readings.Reader).Build();
        _meter = _meters.Create(new MeterOptions("EcgStream"));
    }

    [Fact]
    public void Take_CountersAndGauges_AreSummedByName()
    {
        var counter = _meter.CreateCounter<long>("ecg.test.rows");
        var level = _meter.CreateUpDownCounter<long>("ecg.test.subscribers");
        _meter.CreateObservableGauge("ecg.test.depth", () => 7);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] };
        _meter.CreateHistogram("ecg.test.duration", null, null, null, advice).Record(1.5);
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a"));
        counter.Add(4, new KeyValuePair<string, object?>("kind", "b"));
        level.Add(2);
        level.Add(-1);

        Assert.Equal(1.99, Taken("ecg_test_duration_p99").Single().Value, 1e-9);
        Assert.Equal(
            "ecg_test_depth 7, ecg_test_duration_count 1, ecg_test_duration_sum 1.5, ecg_test_rows 7, ecg_test_subscribers 1",
            string.Join(", ", Taken("ecg_test").Select(reading => FormattableString.Invariant($"{reading.Key} {reading.Value}"))));
        Assert.Equal("ecg_pipeline,site=main ecg_test_rows=7 9", new InfluxLines("main").Pipeline(Taken("ecg_test_rows"), 9));
        Assert.Null(new InfluxLines("main").Pipeline([], 9));
    }

    [Fact]
    public void Take_SecondReading_HasThePercentileOfWhatCameSince()
    {
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 4] };
        var histogram = _meter.CreateHistogram("ecg.test.duration", null, null, null, advice);
        histogram.Record(1.5);
        _readings.Take();
        histogram.Record(3, new KeyValuePair<string, object?>("kind", "a"));
        Assert.Equal(2 + (2 * 0.99), Taken("ecg_test_duration_p99").Single().Value, 1e-9);
        histogram.Record(100);
        Assert.Equal(4, Taken("ecg_test_duration_p99").Single().Value);
        Assert.Empty(Taken("ecg_test_duration_p99"));
    }

    [Fact]
    public void Record_MoreTagsThanTheLimit_CountsTheRestTogether()
    {
        var counter = _meter.CreateCounter<long>("ecg.test.many");
        var series = new SeriesCount();
        using var reader = new BaseExportingMetricReader(series);
        using var bounded = Sdk.CreateMeterProviderBuilder().AddEcgInstruments(_meters).AddReader(reader).Build();
        for (var i = 0; i < TelemetryServiceCollectionExtensions.MaxSeries + 100; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("n", i));
        }

        reader.Collect();

        // With the overflow, and one kept for no tags.
        Assert.InRange(series.Count, 1, TelemetryServiceCollectionExtensions.MaxSeries + 2);
        Assert.Equal(TelemetryServiceCollectionExtensions.MaxSeries + 100, Taken("ecg_test_many").Single().Value);
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
    public void Take_InstrumentsOfAnotherFactory_AreNotCounted()
    {
        using var others = new TestMeterFactory();
        others.Create(new MeterOptions("EcgStream")).CreateCounter<long>("ecg.test.other").Add(1);
        Assert.Empty(Taken("ecg_test_other"));
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meters.Dispose();
    }

    private List<KeyValuePair<string, double>> Taken(string name) =>
        [.. _readings.Take().Where(reading => reading.Key.StartsWith(name, StringComparison.Ordinal))];

    /// <summary>Series of the one instrument that the test made.</summary>
    private sealed class SeriesCount : BaseExporter<Metric>
    {
        public int Count { get; private set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Count += metric.Name == "ecg.test.many" ? 1 : 0;
                }
            }

            return ExportResult.Success;
        }
    }
}
