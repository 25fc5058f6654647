using System.Buffers;
using System.Collections.Concurrent;
using EcgStream.Client.Streaming;
using EcgStream.Daemon.Journal;
using EcgStream.Functional.Tests;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgStream.Interop.Tests.Ingest;

/// <summary>The daemon behind a broker of the hospital's: Debian's mosquitto between the devices and <c>Ingest:Mqtt:Broker</c>.</summary>
public sealed class ExternalBrokerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-external-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Publish_ToMosquitto_ChunksAreJournaledAndRefusalsComeBack()
    {
        await using var broker = new PersistentMosquitto();
        await broker.StartAsync();
        await using var daemon = await StartDaemonAsync(broker);
        var device = new SyntheticDevice("dev-1", new SynthSpec { Seed = 11 });
        var totals = await device.StreamAsync(Endpoint(broker), 20, end: true, Cancellation);

        // mosquitto announces a Receive Maximum of 20, less than the stream's own window: whoever goes beyond it is answered QuotaExceeded and sends again.
        Assert.Equal((80, 0, 0), (totals.Acked, totals.Resent, totals.Reconnects));
        await JournaledAsync(daemon, device);
        var results = await Following.ResultsToAsync(daemon.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
        Assert.NotEmpty(results);

        using var client = new MqttClientFactory().CreateMqttClient();
        var refusals = new ConcurrentQueue<ChunkAck>();
        client.ApplicationMessageReceivedAsync += received =>
        {
            refusals.Enqueue(ChunkAck.Parser.ParseFrom(received.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithClientId("dev-bad").Build(), Cancellation);
        await client.SubscribeAsync("ecg/v1/main/dev-bad/refusals", MqttQualityOfServiceLevel.AtLeastOnce, Cancellation);
        foreach (var (name, chunk, reason) in TestChunks.Bad("dev-bad"))
        {
            var message = new MqttApplicationMessageBuilder().WithTopic("ecg/v1/main/dev-bad/samples").WithPayload(chunk.ToByteArray())
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
            await client.PublishAsync(message, Cancellation);
            await Waiting.UntilAsync(() => !refusals.IsEmpty, $"the refusal of {name}", Cancellation);
            Assert.True(refusals.TryDequeue(out var told) && refusals.IsEmpty, name);
            Assert.Equal((AckStatus.Refused, reason), (told.Status, told.Refusal.Reason));
        }

        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task Restart_OfTheBrokerWhileADeviceStreams_LosesNothing()
    {
        await using var broker = new PersistentMosquitto();
        await broker.StartAsync();
        await using var daemon = await StartDaemonAsync(broker);
        var device = new SyntheticDevice("dev-1", new SynthSpec { Seed = 11 });
        using var factory = new DeviceStreamFactory(Endpoint(broker), new DeviceStreamOptions { GiveUpAfter = Waiting.Patience }, TimeProvider.System);
        await using var stream = factory.Open(device.Id);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = SendAsync();
        await Waiting.UntilAsync(() => stream.Totals.Acked >= 40, "40 acknowledged chunks", Cancellation);
        await broker.StopAsync();
        stopped.SetResult();
        await broker.StartAsync();
        await sending;
        var totals = await stream.CompleteAsync(Cancellation);
        Assert.Equal((400, 0, 0), (totals.Sent, totals.Refused, totals.Unanswered));
        Assert.True(totals.Reconnects >= 1, $"{totals}");
        await JournaledAsync(daemon, device);
        var results = await Following.ResultsToAsync(daemon.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
        Following.AssertNoneTwice(results);

        async Task SendAsync()
        {
            await device.SendAsync(stream, 80, end: false, Cancellation);

            // However fast the device was: some chunks meet a broker that is away.
            await stopped.Task;
            await device.SendAsync(stream, 100, end: true, Cancellation);
        }
    }

    [Fact]
    public async Task Restart_OfTheBrokerWhileTheDaemonIsDown_KeepsWhatDevicesPublished()
    {
        await using var broker = new PersistentMosquitto();
        await broker.StartAsync();
        var device = new SyntheticDevice("dev-1", new SynthSpec { Seed = 11 });
        await using (var first = await StartDaemonAsync(broker))
        {
            await device.StreamAsync(Endpoint(broker), 15, end: false, Cancellation);
            await JournaledAsync(first, device);
        }

        await device.StreamAsync(Endpoint(broker), 45, end: true, Cancellation);
        await broker.StopAsync();
        await broker.StartAsync();
        await using var second = await StartDaemonAsync(broker);
        await JournaledAsync(second, device);
    }

    private static StreamEndpoint Endpoint(PersistentMosquitto broker) => new(StreamTransport.Mqtt, "127.0.0.1", broker.Port);

    private async Task<TestDaemon> StartDaemonAsync(PersistentMosquitto broker)
    {
        var daemon = await TestDaemon.StartAsync(_folder, FormattableString.Invariant($"--Ingest:Mqtt:Broker=mqtt://127.0.0.1:{broker.Port}"));
        await Waiting.UntilAsync(() => broker.Log.Contains("Sending SUBACK to ecgstreamd", StringComparison.Ordinal), "the daemon's subscription", Cancellation);
        return daemon;
    }

    /// <summary>Waits until the journal has every chunk, and checks that it has each once.</summary>
    private static async Task JournaledAsync(TestDaemon daemon, SyntheticDevice device)
    {
        List<ulong> sequences = [];
        await Waiting.UntilAsync(
            () =>
            {
                using var reader = daemon.Services.GetRequiredService<ChunkJournal>().OpenReader(device.Id, long.MinValue, long.MaxValue);
                sequences.Clear();
                while (reader.TryRead(out var record))
                {
                    sequences.Add(SampleChunk.Parser.ParseFrom(record.Payload.Span).Sequence);
                }

                return sequences.Count >= device.Made.Count;
            },
            $"{device.Made.Count} chunks in the journal", Cancellation);
        Assert.Equal(device.Made.Select(chunk => chunk.Sequence), sequences.Order());
    }
}
