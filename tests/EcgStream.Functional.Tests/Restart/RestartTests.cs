using EcgStream.Client.Streaming;
using EcgStream.Daemon.Journal;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace EcgStream.Functional.Tests.Restart;

/// <summary>The daemon ends in mid-session, in order and by a kill, and starts again over the same folder.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-restart-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Restart_InMidSession_GoesOnWithoutLossOrRepeat()
    {
        var device = new SyntheticDevice("dev-af", new SynthSpec { Rhythm = RhythmKind.AtrialFibrillation, Seed = 13 });
        List<AlarmEvent> raised;
        List<ResultEvent> before;
        await using (var first = await TestDaemon.StartAsync(_folder))
        {
            var totals = await device.StreamAsync(first.GrpcEndpoint(), 40, end: false, Cancellation);
            Assert.Equal(160, totals.Acked);
            before = await Following.ResultsToAsync(first.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
            raised = await Following.AlarmsAsync(first.Channel, device.Id, 0, read => IsRhythm(read[^1]), Cancellation);
        }

        var alarm = raised[^1];
        await using var second = await TestDaemon.StartAsync(_folder);
        Assert.Equal(device.Made, ReadJournal(second, device.Id));
        Assert.Equal(alarm.AlarmId, Assert.Single(await OpenAsync(second), IsRhythm).AlarmId);

        var again = await SendAsync(second.Channel, [device.Made[0], device.Made[^1]]);
        Assert.Equal([AckStatus.Duplicate, AckStatus.Duplicate], again.Select(ack => ack.Status));

        await device.StreamAsync(second.GrpcEndpoint(), 80, end: false, Cancellation);
        var results = await Following.ResultsToAsync(second.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
        Assert.Equal(before, results.Take(before.Count));
        Following.AssertNoneTwice(results);
        AssertNoHole(results);
        Assert.Equal(device.Made, ReadJournal(second, device.Id));

        // The rules are asked before a result is stored, so every transition that a stored result decided is decided now.
        var active = await new Alerts.AlertsClient(second.Channel).ListActiveAsync(new ListActiveRequest(), cancellationToken: Cancellation);
        Assert.Equal(alarm.AlarmId, Assert.Single(active.Alarms, IsRhythm).AlarmId);
        var all = await Following.AlarmsAsync(second.Channel, device.Id, 0, read => read[^1].Cursor >= active.Cursor, Cancellation);
        Assert.Single(all, item => IsRhythm(item) && item.Transition == AlarmTransition.Raised);
        Assert.Empty(second.Errors);
    }

    [Fact]
    public async Task Restart_SeveralTimes_NoWindowIsStoredTwice()
    {
        var device = new SyntheticDevice("dev-sinus", new SynthSpec { Seed = 11 });
        for (var run = 1; run <= 3; run++)
        {
            await using var daemon = await TestDaemon.StartAsync(_folder);

            // Ends of runs off the grid of the windows.
            await device.StreamAsync(daemon.MqttEndpoint(), run * 17.25, end: false, Cancellation);
            await Following.ResultsToAsync(daemon.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
        }

        await using var last = await TestDaemon.StartAsync(_folder);
        var results = await Following.ResultsToAsync(last.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
        Following.AssertNoneTwice(results);
        AssertNoHole(results);
        Assert.Equal(device.Made, ReadJournal(last, device.Id));
    }

    [Fact]
    public async Task Kill_WhileADeviceStreams_EveryAckedChunkIsKeptAndTheSessionGoesOn()
    {
        var settings = DaemonProcess.Settings(_folder, out var ports);
        var device = new SyntheticDevice("dev-af", new SynthSpec { Rhythm = RhythmKind.AtrialFibrillation, Seed = 13 });
        var endpoint = new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", ports[0]);
        using var factory = new DeviceStreamFactory(endpoint, new DeviceStreamOptions { GiveUpAfter = Waiting.Patience }, TimeProvider.System);
        await using var stream = factory.Open(device.Id);
        Task sending;
        await using (var killed = DaemonProcess.Start(settings))
        {
            await killed.ReadyAsync(ports[2], Cancellation);
            await device.SendAsync(stream, 40, end: false, Cancellation);
            sending = device.SendAsync(stream, 120, end: false, Cancellation);
            await Waiting.UntilAsync(() => stream.Totals.Acked >= 200, "200 acknowledged chunks", Cancellation);
            await killed.KillAsync();
        }

        var acked = stream.Totals.Acked;
        await using (var second = DaemonProcess.Start(settings))
        {
            await second.ReadyAsync(ports[2], Cancellation);
            await sending;
            var totals = await stream.CompleteAsync(Cancellation);
            Assert.Equal((480, 0, 0), (totals.Sent, totals.Refused, totals.Unanswered));
            Assert.Equal(480, totals.Acked + totals.Duplicate);
            Assert.True(totals.Acked >= acked && totals.Resent <= 64, $"{totals}");
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[0]}");
            var results = await Following.ResultsToAsync(channel, device.Id, 0, device.EndUnixNs, Cancellation);
            Following.AssertNoneTwice(results);
            AssertNoHole(results);
            var alarms = await Following.AlarmsAsync(channel, device.Id, 0, read => IsRhythm(read[^1]), Cancellation);
            await second.KillAsync();
            Assert.Equal(AlarmTransition.Raised, alarms[^1].Transition);
        }

        await using var third = await TestDaemon.StartAsync(_folder);
        Assert.Equal(device.Made, ReadJournal(third, device.Id));
        Assert.Single(await OpenAsync(third), IsRhythm);
    }

    private static bool IsRhythm(AlarmEvent alarm) => alarm.Condition == AlarmCondition.AbnormalRhythm;

    /// <summary>Windows resume where they would have been: from one to the next it is a hop.</summary>
    private static void AssertNoHole(IEnumerable<ResultEvent> results) => Assert.All(results.GroupBy(item => item.Result.Model), model =>
    {
        long[] starts = [.. model.Select(item => (long)item.Result.WindowStartUnixNs).Order()];
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.Equal(1_000_000_000, pair.Second - pair.First));
    });

    private static async Task<IReadOnlyList<AlarmEvent>> OpenAsync(TestDaemon daemon) =>
        (await new Alerts.AlertsClient(daemon.Channel).ListActiveAsync(new ListActiveRequest(), cancellationToken: Cancellation)).Alarms;

    private static List<SampleChunk> ReadJournal(TestDaemon daemon, string device)
    {
        using var reader = daemon.Services.GetRequiredService<ChunkJournal>().OpenReader(device, long.MinValue, long.MaxValue);
        List<SampleChunk> chunks = [];
        while (reader.TryRead(out var record))
        {
            chunks.Add(SampleChunk.Parser.ParseFrom(record.Payload.Span));
        }

        Assert.Equal(0, reader.CorruptStretches);
        return chunks;
    }

    private static async Task<List<ChunkAck>> SendAsync(GrpcChannel channel, IEnumerable<SampleChunk> chunks)
    {
        using var call = new Protocol.V1.Ingest.IngestClient(channel).StreamSamples(cancellationToken: Cancellation);
        foreach (var chunk in chunks)
        {
            await call.RequestStream.WriteAsync(chunk, Cancellation);
        }

        await call.RequestStream.CompleteAsync();
        List<ChunkAck> acks = [];
        await foreach (var batch in call.ResponseStream.ReadAllAsync(Cancellation))
        {
            acks.AddRange(batch.Acks);
        }

        return acks;
    }
}
