using System.Collections.Concurrent;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using Grpc.Core;
using Grpc.Net.Client;

namespace EcgStream.Functional.Tests.Disk;

/// <summary>The daemon on a disk that is full for a while, during an asystole: nobody is unwatched, nothing needs a restart.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DiskFull_DuringAnAsystole_AlarmsAtOnceAndStoresItWhenThereIsRoom()
    {
        await using var disk = SmallDisk.MountOrSkip(24);
        var settings = DaemonProcess.Settings(disk.Folder, out var ports);
        var device = new SyntheticDevice("dev-asystole", new SynthSpec
        {
            Rhythm = RhythmKind.Asystole,
            Seed = 15,
            Onset = TimeSpan.FromSeconds(30),
            EpisodeDuration = TimeSpan.FromSeconds(10),
        });
        AlarmEvent raised;
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[0]}");
        await using (var daemon = DaemonProcess.Start([.. settings, "--Journal:SegmentBytes=65536", "--Journal:RetryInterval=00:00:00.200"]))
        {
            await daemon.ReadyAsync(ports[2], Cancellation);
            using var subscriber = new Subscriber(channel, Cancellation);
            var before = await SendAsync(channel, device, 20);
            Assert.All(before, ack => Assert.Equal(AckStatus.Accepted, ack.Status));

            disk.Fill();
            var during = await SendAsync(channel, device, 60);
            raised = await subscriber.FirstAsync(alarm => alarm is { Condition: AlarmCondition.Asystole, Transition: AlarmTransition.Raised }, daemon);
            Assert.True(raised.NotStored, raised.ToString());
            Assert.InRange(((long)raised.EventUnixNs - device.StartUnixNs) / 1e9, 32, 36);
            var told = await subscriber.FirstAsync(alarm => alarm is { Condition: AlarmCondition.RecordingSuspended, Transition: AlarmTransition.Raised }, daemon);
            Assert.Equal((AlarmKind.Technical, "$daemon"), (told.Kind, told.DeviceId));
            var refused = during.FindAll(ack => ack.Status == AckStatus.Refused);
            Assert.NotEmpty(refused);
            Assert.All(refused, ack => Assert.Equal(RefusalReason.Storage, ack.Refusal.Reason));

            await disk.EmptyAsync();
            var again = device.Made.FindAll(chunk => refused.Exists(ack => ack.Sequence == chunk.Sequence));
            await Waiting.UntilAsync(
                async () =>
                {
                    var answers = await SendAsync(channel, again);
                    again.RemoveAll(chunk => answers.Exists(ack => ack.Sequence == chunk.Sequence && ack.Status != AckStatus.Refused));
                    return again.Count == 0;
                },
                "the refused chunks to be journaled", Cancellation);
            await subscriber.FirstAsync(alarm => alarm is { Condition: AlarmCondition.RecordingSuspended, Transition: AlarmTransition.Cleared }, daemon);

            // It stands in the store under the cursor that it was published with.
            var stored = await Following.AlarmsAsync(channel, device.Id, raised.Cursor - 1, _ => true, Cancellation);
            Assert.Equal(new AlarmEvent(raised) { NotStored = false }, stored[0]);
            await SendAsync(channel, device, 62);
            var results = await Following.ResultsToAsync(channel, device.Id, 0, device.EndUnixNs, Cancellation);
            Following.AssertNoneTwice(results);
            var devices = await new Protocol.V1.Monitor.MonitorClient(channel).ListDevicesAsync(new ListDevicesRequest(), cancellationToken: Cancellation);
            var counts = Assert.Single(devices.Devices).Chunks;
            Assert.Equal((248ul, 0ul, 0ul, 0ul), (counts.Accepted, counts.Duplicate, counts.Late, counts.Missing));
            Assert.Equal(0, await daemon.StopAsync(Cancellation));
            Assert.DoesNotContain("Unhandled exception", daemon.Error, StringComparison.Ordinal);
        }

        await using var next = DaemonProcess.Start(settings);
        await next.ReadyAsync(ports[2], Cancellation);
        var open = await new Alerts.AlertsClient(channel).ListActiveAsync(new ListActiveRequest(), cancellationToken: Cancellation);
        Assert.Contains(raised.AlarmId, open.Alarms.Select(alarm => alarm.AlarmId));
    }

    [Fact]
    public async Task DiskFullOrReadOnly_AtTheStop_EndsInOrder()
    {
        await using var disk = SmallDisk.MountOrSkip(24);
        var settings = DaemonProcess.Settings(disk.Folder, out var ports);
        var device = new SyntheticDevice("dev-1", new SynthSpec { Seed = 15 });
        await using var daemon = DaemonProcess.Start([.. settings, "--Journal:SegmentBytes=65536"]);
        await daemon.ReadyAsync(ports[2], Cancellation);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[0]}");
        await SendAsync(channel, device, 5);
        disk.Fill();
        await SendAsync(channel, device, 30);
        Assert.Equal(0, await daemon.StopAsync(Cancellation));
        Assert.DoesNotContain("Unhandled exception", daemon.Error, StringComparison.Ordinal);
    }

    private static Task<List<ChunkAck>> SendAsync(GrpcChannel channel, SyntheticDevice device, double until)
    {
        List<SampleChunk> chunks = [];
        while (device.Seconds < until)
        {
            chunks.Add(device.Next());
        }

        return SendAsync(channel, chunks);
    }

    /// <summary>As a device that goes on whatever it is answered.</summary>
    private static async Task<List<ChunkAck>> SendAsync(GrpcChannel channel, List<SampleChunk> chunks)
    {
        using var call = new Protocol.V1.Ingest.IngestClient(channel).StreamSamples(cancellationToken: Cancellation);
        List<ChunkAck> acks = [];
        var reading = Task.Run(
            async () =>
            {
                await foreach (var batch in call.ResponseStream.ReadAllAsync(Cancellation))
                {
                    acks.AddRange(batch.Acks);
                }
            },
            Cancellation);
        foreach (var chunk in chunks)
        {
            await call.RequestStream.WriteAsync(chunk, Cancellation);
        }

        await call.RequestStream.CompleteAsync();
        await reading;
        return acks;
    }

    /// <summary>Follows the alarms live and keeps what came.</summary>
    private sealed class Subscriber : IDisposable
    {
        private readonly ConcurrentQueue<AlarmEvent> _seen = new();
        private readonly AsyncServerStreamingCall<AlarmEvent> _call;

        public Subscriber(GrpcChannel channel, CancellationToken cancellation)
        {
            _call = new Alerts.AlertsClient(channel).Subscribe(new SubscribeAlertsRequest { LiveOnly = true }, cancellationToken: cancellation);
            _ = Task.Run(
                async () =>
                {
                    await foreach (var alarm in _call.ResponseStream.ReadAllAsync(cancellation))
                    {
                        _seen.Enqueue(alarm);
                    }
                },
                cancellation);
        }

        public async Task<AlarmEvent> FirstAsync(Predicate<AlarmEvent> wanted, DaemonProcess daemon)
        {
            AlarmEvent? found = null;
            try
            {
                await Waiting.UntilAsync(() => (found = _seen.FirstOrDefault(alarm => wanted(alarm))) is not null, "an alarm", Cancellation);
            }
            catch (Exception) when (found is null)
            {
                Assert.Fail($"no such alarm among\n{string.Join('\n', _seen)}\n{daemon.Error}");
            }

            return found!;
        }

        public void Dispose() => _call.Dispose();
    }
}
