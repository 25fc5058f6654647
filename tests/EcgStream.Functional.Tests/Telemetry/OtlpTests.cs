using EcgStream.Simulator.Synth;

namespace EcgStream.Functional.Tests.Telemetry;

/// <summary>Metrics and traces arrive at a collector over the real exporter, and name no device.</summary>
public sealed class OtlpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_StreamedDevice_SendsMetricsAndSpansWithoutItsName()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var daemon = await TestDaemon.StartAsync(
            null, $"--Telemetry:OtlpEndpoint={collector.Url}", "--Telemetry:OtlpProtocol=Http", "--Telemetry:OtlpInterval=00:00:01", "--Telemetry:TraceRatio=1"))
        {
            var device = new SyntheticDevice("dev-otlp-secret", new SynthSpec { Rhythm = RhythmKind.Sinus, Seed = 3 });
            await device.StreamAsync(daemon.GrpcEndpoint(), 15, end: true, Cancellation);
            await Waiting.UntilAsync(
                () => collector.Received("metrics").Contains("ecg.inference.windows", StringComparison.Ordinal) && collector.Received("traces").Contains("model.batch", StringComparison.Ordinal),
                "metrics and spans at the collector", Cancellation);
            Assert.Empty(daemon.Errors);
        }

        var (metrics, traces) = (collector.Received("metrics"), collector.Received("traces"));
        Assert.Contains("ecg.inference.queue.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("ecgstreamd", metrics, StringComparison.Ordinal);
        Assert.Contains("journal.commit", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("dev-otlp-secret", metrics + traces, StringComparison.Ordinal);
    }
}
