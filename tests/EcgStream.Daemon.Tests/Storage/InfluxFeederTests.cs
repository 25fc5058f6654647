using System.Diagnostics.Metrics;
using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;
using EcgStream.Daemon.Storage.Influx;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Daemon.Supervision;
using EcgStream.Daemon.Tests.Journal;
using EcgStream.Protocol.V1;
using EcgStream.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Tests.Storage;

public sealed class InfluxFeederTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Feed_ResultsVitalsAndAlarms_ArriveOnceAndNotAgainAfterARestart()
    {
        using var bench = new Bench(options => options.BatchLines = 100);
        await bench.StoreResultsAsync(0, 250);
        bench.Store.TryEnqueue(new VitalsSecond("dev-1", 7, 2_000_000_000, 74.5f, 1, 6, new(2, 4, 8, 16), 0));
        await bench.Fixture.Alarms.AppendAsync([AlarmJournalTests.Transition("alarm-1", 1, AlarmTransition.Raised, AlarmState.Active)], default);
        await bench.StartAsync();
        await Bench.UntilAsync(() => bench.Server.Taken.Count == 252);
        await Bench.UntilAsync(() => bench.Metrics.Lag == 0);
        await bench.StopAsync();
        await bench.StoreResultsAsync(250, 10);
        await bench.StartAsync();
        await Bench.UntilAsync(() => bench.Server.Taken.Count == 262);
        await bench.StopAsync();

        Assert.Equal(262, bench.Server.Taken.Distinct().Count());
        Assert.Contains(
            "ecg_rhythm,device=dev-1,label=abnormal,model=normal-abnormal,site=main abnormal=true,abnormal_score=0.75,predicted=1i,marks=5i,lead_off=false,latency_ms=25,"
            + "model_version=\"1.2.0\",window_start_ns=3000000000i,score_normal=0.25,score_abnormal=0.75 13000000000",
            bench.Server.Taken);
        Assert.Contains("ecg_vitals,device=dev-1,site=main beats=1i,leads_off=6i,leads_poor=14i,heart_rate_bpm=74.5 2000000000", bench.Server.Taken);
        Assert.Contains(
            "ecg_alarm,device=dev-1,label=Asystole,site=main,transition=Raised alarm_id=\"alarm-1\",priority=3i,state=1i,kind=1i,message=\"*** ASYSTOLE\",source=\"rule:asystole\","
            + "value=4.25,unit=\"s\",acknowledged_by=\"\",onset_ns=0i 1",
            bench.Server.Taken);
        Assert.Equal(262, bench.Metrics.LinesWritten);
    }

    [Fact]
    public async Task Feed_ServerDown_BacksOffAndSkipsNothing()
    {
        using var bench = new Bench();
        bench.Server.Answer = _ => new InfluxWriteOutcome(InfluxWriteKind.Unavailable, "connection refused");
        await bench.StoreResultsAsync(0, 40);
        await bench.StartAsync();
        await Bench.UntilAsync(() => bench.Server.Requests == 1);
        await Bench.UntilAsync(() => bench.Metrics.Lag == 40);
        await bench.StoreResultsAsync(40, 40);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(400)); // under half of MinBackoff: nothing yet
        Assert.Equal(1, bench.Server.Requests);
        await bench.AdvanceUntilAsync(() => bench.Server.Requests == 4);
        Assert.Empty(bench.Server.Taken);

        bench.Server.Answer = null;
        await bench.AdvanceUntilAsync(() => bench.Server.Taken.Count == 80);
        await bench.StopAsync();
        Assert.Equal(80, bench.Server.Taken.Distinct().Count());
    }

    [Fact]
    public async Task Feed_RetryAfter_IsHonouredUpToTheLongestPause()
    {
        using var bench = new Bench();
        bench.Server.Answer = _ => new InfluxWriteOutcome(InfluxWriteKind.Unavailable, "busy", TimeSpan.FromHours(1));
        await bench.StoreResultsAsync(0, 1);
        await bench.StartAsync();
        await Bench.UntilAsync(() => bench.Metrics.Lag == 1);
        bench.Server.Answer = null;
        await bench.AdvanceAsync(TimeSpan.FromSeconds(59));
        Assert.Equal(1, bench.Server.Requests);
        await bench.AdvanceUntilAsync(() => bench.Server.Taken.Count == 1);
        await bench.StopAsync();
    }

    [Fact]
    public async Task Feed_SomeLinesRefused_KeepsThoseAsideAndTheCursorGoesOn()
    {
        using var bench = new Bench();
        bench.Server.Answer = lines => lines.Any(line => line.EndsWith(" 17000000000", StringComparison.Ordinal) || line.EndsWith(" 42000000000", StringComparison.Ordinal))
            ? new InfluxWriteOutcome(InfluxWriteKind.Refused, "HTTP 400: field type conflict")
            : null;
        await bench.StoreResultsAsync(0, 50);
        await bench.StartAsync();
        await Bench.UntilAsync(() => bench.Metrics.LinesRefused == 2);
        await bench.StoreResultsAsync(50, 5);
        await bench.AdvanceUntilAsync(() => bench.Metrics.LinesWritten == 53);
        await bench.StopAsync();

        Assert.Equal(53, bench.Server.Taken.Distinct().Count());
        using var connection = bench.Fixture.Databases.OpenResults();
        Assert.Equal(2L, connection.Scalar("SELECT count(*) FROM feed_refusals WHERE reason LIKE '%conflict' AND (line LIKE '% 17000000000' OR line LIKE '% 42000000000')"));
    }

    [Theory]
    [InlineData("ftp://host", 1, "Url")]
    [InlineData("http://host", 100, "MaxBackoff")]
    public void Validate_WhatDoesNotFit_NamesTheKey(string url, int minBackoffSeconds, string key)
    {
        var options = new InfluxOptions { Url = url, MinBackoff = TimeSpan.FromSeconds(minBackoffSeconds) };
        var result = new InfluxOptionsValidator().Validate(null, options);
        Assert.True(result.Failed);
        Assert.Contains(result.Failures, failure => failure.Contains(key, StringComparison.Ordinal));
    }

    private sealed class Bench : IDisposable
    {
        private readonly TestMeterFactory _meters = new();
        private readonly PipelineReadings _readings = new();
        private readonly IOptions<InfluxOptions> _options;
        private InfluxFeeder? _feeder;

        public Bench(Action<InfluxOptions>? configure = null)
        {
            Fixture = new StoreFixture();
            Metrics = new InfluxMetrics(_meters);
            var options = new InfluxOptions { Url = "http://test:8086" };
            configure?.Invoke(options);
            _options = Options.Create(options);
        }

        public StoreFixture Fixture { get; }

        public ResultStore Store => Fixture.Store;

        public ManualTimeProvider Clock { get; } = new();

        public ScriptedInfluxWriter Server { get; } = new();

        public InfluxMetrics Metrics { get; }

        public async Task StoreResultsAsync(int from, int count)
        {
            for (var second = from; second < from + count; second++)
            {
                Assert.True(Store.TryEnqueue(StoreFixture.Result("dev-1", second)));
            }

            await Store.WaitForResultAsync((ulong)(from + count - 1)).AsTask().WaitAsync(Patience);
        }

        public Task StartAsync()
        {
            _feeder = new InfluxFeeder(
                Fixture.Databases, Store, Fixture.Alarms, Server, _readings, Metrics, _options,
                new StageSupervision(new StageRestarts(_meters), Clock, NullLogger<StageSupervision>.Instance), NullLogger<InfluxFeeder>.Instance);
            return _feeder.StartAsync(CancellationToken.None);
        }

        public async Task StopAsync()
        {
            await _feeder!.StopAsync(CancellationToken.None);
            _feeder.Dispose();
        }

        public static Task UntilAsync(Func<bool> condition) => RepeatAsync(condition, static () => { });

        public Task AdvanceUntilAsync(Func<bool> condition) => RepeatAsync(condition, () => Clock.Advance(TimeSpan.FromMilliseconds(100)));

        public async Task AdvanceAsync(TimeSpan by)
        {
            for (var steps = 0; steps < 100; steps++)
            {
                Clock.Advance(by / 100);
                await Task.Yield();
            }
        }

        public void Dispose()
        {
            _readings.Dispose();
            _meters.Dispose();
            Fixture.Dispose();
        }

        private static async Task RepeatAsync(Func<bool> condition, Action step)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (!condition())
            {
                patience.Token.ThrowIfCancellationRequested();
                step();
                await Task.Yield();
            }
        }
    }
}
