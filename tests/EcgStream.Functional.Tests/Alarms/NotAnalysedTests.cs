using EcgStream.Client.Encoding;
using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;

namespace EcgStream.Functional.Tests.Alarms;

/// <summary>A device that is acknowledged and online, but begins a session with every chunk: nobody watches its patient, and that is told.</summary>
public sealed class NotAnalysedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_NewSessionWithEveryChunk_IsToldListedAndEndsWithAnalysis()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sending = SendAsync(daemon, stop.Token);
        var alarms = await Following.AlarmsAsync(daemon.Channel, "bed-1", 0, read => read[^1].Condition == AlarmCondition.NotAnalysed, Cancellation);

        Assert.Equal((AlarmTransition.Raised, AlarmPriority.Medium, AlarmKind.Technical), (alarms[^1].Transition, alarms[^1].Priority, alarms[^1].Kind));
        var devices = await new Protocol.V1.Monitor.MonitorClient(daemon.Channel).ListDevicesAsync(new ListDevicesRequest(), cancellationToken: Cancellation);
        Assert.True(Assert.Single(devices.Devices) is { Online: true, NotAnalysed: true });
        using var http = new HttpClient { BaseAddress = daemon.Http };
        Assert.Contains("nothing is analysed", await http.GetStringAsync("/health/ready", Cancellation), StringComparison.Ordinal);

        await stop.CancelAsync();
        await sending;
        var device = new SyntheticDevice("bed-1", new SynthSpec { Seed = 3 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 8, end: false, Cancellation);
        var after = await Following.AlarmsAsync(daemon.Channel, "bed-1", alarms[^1].Cursor, read => read[^1].Condition == AlarmCondition.NotAnalysed, Cancellation);
        Assert.Equal(AlarmTransition.Cleared, after[^1].Transition);
        Assert.Empty(daemon.Errors);
    }

    // Real time: what is watched for is the daemon's clock.
    private static async Task SendAsync(TestDaemon daemon, CancellationToken stop)
    {
        using var call = new Protocol.V1.Ingest.IngestClient(daemon.Channel).StreamSamples(cancellationToken: Cancellation);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await call.RequestStream.WriteAsync(new SyntheticDevice("bed-1", new SynthSpec { Seed = 3 }).Next(), Cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            await call.RequestStream.CompleteAsync();
        }
    }
}
