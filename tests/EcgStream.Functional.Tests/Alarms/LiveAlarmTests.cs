using System.Collections.Concurrent;
using System.Buffers;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using Grpc.Core;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgStream.Functional.Tests.Alarms;

/// <summary>Signals in over real sockets, transitions out over <c>Alerts.Subscribe</c> and MQTT.</summary>
public sealed class LiveAlarmTests
{
    private const uint ElectrodeV1 = 1 << 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asystole_StandstillOfTenSeconds_IsRaisedLatchedAndClearedByAcknowledgement()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var device = new SyntheticDevice("dev-asystole", Standstill(seed: 15));
        await device.StreamAsync(daemon.GrpcEndpoint(), 40, end: true, Cancellation);

        var seen = await AsystoleAsync(daemon, device, AlarmTransition.Latched);
        Assert.Equal([AlarmTransition.Raised, AlarmTransition.Latched], seen.Select(alarm => alarm.Transition));
        var raised = seen[0];
        Assert.Equal((AlarmKind.Patient, AlarmPriority.High, AlarmState.Active), (raised.Kind, raised.Priority, raised.State));
        Assert.StartsWith("***", raised.Message, StringComparison.Ordinal);
        AssertSecond(raised.OnsetUnixNs, device, 10.5, 12.1);
        AssertSecond(raised.EventUnixNs, device, 14.5, 16.6);
        AssertSecond(seen[1].EventUnixNs, device, 22, 30);

        var client = new Alerts.AlertsClient(daemon.Channel);
        var open = await client.ListActiveAsync(new ListActiveRequest { DeviceIds = { device.Id } }, cancellationToken: Cancellation);
        Assert.Equal(seen[1], Assert.Single(open.Alarms, alarm => alarm.Condition == AlarmCondition.Asystole));
        var nobody = await Assert.ThrowsAsync<RpcException>(async () => await client.AcknowledgeAsync(new AcknowledgeRequest { AlarmId = raised.AlarmId }));
        Assert.Equal(StatusCode.InvalidArgument, nobody.StatusCode);
        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await client.AcknowledgeAsync(new AcknowledgeRequest { AlarmId = "none", User = "nurse-1" }));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);

        var answer = await client.AcknowledgeAsync(new AcknowledgeRequest { AlarmId = raised.AlarmId, User = "nurse-1" }, cancellationToken: Cancellation);
        Assert.Equal((AlarmState.Cleared, "nurse-1"), (answer.Alarm.State, answer.Alarm.AcknowledgedBy));
        var all = await AsystoleAsync(daemon, device, AlarmTransition.Cleared);
        Assert.All(all, alarm => Assert.Equal(raised.AlarmId, alarm.AlarmId));
        Assert.Equal(answer.Alarm, all[^1]);
        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task Acknowledge_WhileTheConditionHolds_EndsWithoutLatching()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var device = new SyntheticDevice("dev-asystole", Standstill(seed: 15));
        await device.StreamAsync(daemon.GrpcEndpoint(), 18, end: false, Cancellation);
        var raised = Assert.Single(await AsystoleAsync(daemon, device, AlarmTransition.Raised));
        var answer = await new Alerts.AlertsClient(daemon.Channel)
            .AcknowledgeAsync(new AcknowledgeRequest { AlarmId = raised.AlarmId, User = "nurse-1" }, cancellationToken: Cancellation);
        Assert.Equal((AlarmState.Acknowledged, AlarmTransition.Acknowledged), (answer.Alarm.State, answer.Alarm.Transition));

        await device.StreamAsync(daemon.GrpcEndpoint(), 40, end: true, Cancellation);
        var all = await AsystoleAsync(daemon, device, AlarmTransition.Cleared);
        Assert.Equal([AlarmTransition.Raised, AlarmTransition.Acknowledged, AlarmTransition.Cleared], all.Select(alarm => alarm.Transition));
        Assert.All(all, alarm => Assert.Equal(raised.AlarmId, alarm.AlarmId));
    }

    [Fact]
    public async Task Subscribe_AfterACursor_GivesExactlyTheRest()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var device = new SyntheticDevice("dev-1", Standstill(seed: 15));
        await device.StreamAsync(daemon.GrpcEndpoint(), 18, end: false, Cancellation);
        var first = await Following.AlarmsAsync(daemon.Channel, null, 0, IsRaised, Cancellation);

        // Nobody listens while the rest comes about.
        await device.StreamAsync(daemon.GrpcEndpoint(), 50, end: true, Cancellation, second => second is >= 30 and < 36 ? ElectrodeV1 : 0);
        bool Ended(List<AlarmEvent> events) => events.Exists(alarm => alarm is { Condition: AlarmCondition.LeadOff, Transition: AlarmTransition.Cleared });
        var rest = await Following.AlarmsAsync(daemon.Channel, null, first[^1].Cursor, Ended, Cancellation);
        var whole = await Following.AlarmsAsync(daemon.Channel, null, 0, Ended, Cancellation);
        Assert.Equal(whole, [.. first, .. rest]);
        Assert.True(whole.Count >= 4, $"{whole.Count} transitions");
        Assert.Equal(whole.Select(alarm => alarm.Cursor).Order().Distinct(), whole.Select(alarm => alarm.Cursor));
        for (var k = 0; k < whole.Count - 1; k++)
        {
            var after = await Following.AlarmsAsync(daemon.Channel, null, whole[k].Cursor, Ended, Cancellation);
            Assert.Equal(whole.Skip(k + 1), after);
        }
    }

    [Fact]
    public async Task LeadOff_SomeThenAllElectrodes_IsTechnicalAndNeverAsystole()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var device = new SyntheticDevice("dev-loose", new SynthSpec { Seed = 11 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 60, end: true, Cancellation, second => second switch
        {
            >= 14 and < 20 => ElectrodeV1,
            >= 26 and < 38 => SyntheticDevice.AllElectrodes,
            _ => 0,
        });

        var events = await UpToASentinelAsync(daemon, device);
        Assert.All(events, alarm => Assert.True(alarm.Condition == AlarmCondition.LeadOff, alarm.InSeconds(device.StartUnixNs)));
        var episodes = events.GroupBy(alarm => alarm.AlarmId).Select(episode => episode.ToList()).ToList();
        Assert.Equal(2, episodes.Count);
        Assert.All(episodes, episode =>
        {
            Assert.Equal((AlarmTransition.Raised, AlarmTransition.Cleared), (episode[0].Transition, episode[^1].Transition));
            Assert.All(episode, alarm => Assert.Equal(AlarmKind.Technical, alarm.Kind));
        });
        Assert.Equal((AlarmPriority.Low, AlarmPriority.Medium), (episodes[0].Max(alarm => alarm.Priority), episodes[1].Max(alarm => alarm.Priority)));
        Assert.Contains("V1", episodes[0][0].Message, StringComparison.Ordinal);
        AssertSecond(episodes[0][0].EventUnixNs, device, 15, 15.6);
        AssertSecond(episodes[0][^1].EventUnixNs, device, 22, 22.6);
        AssertSecond(episodes[1][0].EventUnixNs, device, 27, 27.6);
        AssertSecond(episodes[1][^1].EventUnixNs, device, 40, 40.6);
    }

    [Fact]
    public async Task Sinus_TwoPatientsOnBothTransports_NeverAlarm()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var grpc = new SyntheticDevice("dev-sinus-1", new SynthSpec { Seed = 11 });
        var mqtt = new SyntheticDevice("dev-sinus-2", new SynthSpec { Seed = 12 });
        await grpc.StreamAsync(daemon.GrpcEndpoint(), 60, end: true, Cancellation);
        await mqtt.StreamAsync(daemon.MqttEndpoint(), 60, end: true, Cancellation);
        Assert.Empty(await UpToASentinelAsync(daemon, grpc, mqtt));
        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task AbnormalRhythm_EpisodeOfFibrillation_IsRaisedAndClearedAndTheSameOverMqtt()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var device = new SyntheticDevice("dev-af", new SynthSpec { Rhythm = RhythmKind.AtrialFibrillation, Seed = 13, EpisodeDuration = TimeSpan.FromSeconds(30) });
        using var subscriber = new MqttClientFactory().CreateMqttClient();
        var overMqtt = new ConcurrentQueue<AlarmEvent>();
        subscriber.ApplicationMessageReceivedAsync += received =>
        {
            overMqtt.Enqueue(AlarmEvent.Parser.ParseFrom(received.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        await subscriber.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", daemon.MqttPort).WithClientId("ward-display").Build(), Cancellation);
        await subscriber.SubscribeAsync($"ecg/v1/main/{device.Id}/alarms", MqttQualityOfServiceLevel.AtLeastOnce, Cancellation);

        await device.StreamAsync(daemon.MqttEndpoint(), 80, end: true, Cancellation);
        var events = await Following.AlarmsAsync(
            daemon.Channel, device.Id, 0, read => read.Exists(alarm => alarm is { Condition: AlarmCondition.AbnormalRhythm, Transition: AlarmTransition.Cleared }), Cancellation);
        var episode = events.FindAll(alarm => alarm.Condition == AlarmCondition.AbnormalRhythm);
        Assert.Equal(AlarmTransition.Raised, episode[0].Transition);
        Assert.All(episode.Skip(1).SkipLast(1), alarm => Assert.Equal(AlarmTransition.Updated, alarm.Transition));
        Assert.All(episode, alarm => Assert.Equal(episode[0].AlarmId, alarm.AlarmId));
        Assert.Equal(AlarmState.Cleared, episode[^1].State);

        // Five of seven windows of 10 s, 1 s apart: not before the 14th second; and normal ones, which need 10 s of sinus first.
        AssertSecond(episode[0].EventUnixNs, device, 13.9, 30);
        AssertSecond(episode[^1].EventUnixNs, device, 35, 60);
        Assert.Contains("no longer abnormal", episode[^1].Message, StringComparison.Ordinal);

        // It is fast (128/min and more) and irregular besides; nothing else is said of it.
        Assert.All(events.Except(episode), alarm => Assert.True(
            alarm.Condition is AlarmCondition.HighRate or AlarmCondition.ExtremeTachycardia or AlarmCondition.IrregularRhythm or AlarmCondition.AtrialFibrillation,
            alarm.InSeconds(device.StartUnixNs)));

        await Waiting.UntilAsync(() => overMqtt.Count >= events.Count, "the transitions over MQTT", Cancellation);
        Assert.Equal(events, overMqtt.Take(events.Count));
    }

    private static SynthSpec Standstill(ulong seed) => new()
    {
        Rhythm = RhythmKind.Asystole,
        Seed = seed,
        Onset = TimeSpan.FromSeconds(12),
        EpisodeDuration = TimeSpan.FromSeconds(10),
    };

    private static bool IsRaised(List<AlarmEvent> events) =>
        events[^1] is { Condition: AlarmCondition.Asystole, Transition: AlarmTransition.Raised };

    private static async Task<List<AlarmEvent>> AsystoleAsync(TestDaemon daemon, SyntheticDevice device, AlarmTransition until)
    {
        var events = await Following.AlarmsAsync(
            daemon.Channel, device.Id, 0, read => read[^1].Condition == AlarmCondition.Asystole && read[^1].Transition == until, Cancellation);
        return events.FindAll(alarm => alarm.Condition == AlarmCondition.Asystole);
    }

    /// <summary>
    /// All transitions of the devices once every window of theirs has its result, told complete by the alarm of a device that is streamed after them.
    /// </summary>
    private static async Task<List<AlarmEvent>> UpToASentinelAsync(TestDaemon daemon, params SyntheticDevice[] devices)
    {
        foreach (var device in devices)
        {
            await Following.ResultsToAsync(daemon.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
        }

        var sentinel = new SyntheticDevice("sentinel", Standstill(seed: 15));
        await sentinel.StreamAsync(daemon.GrpcEndpoint(), 18, end: true, Cancellation);
        var events = await Following.AlarmsAsync(daemon.Channel, null, 0, read => read[^1].DeviceId == sentinel.Id && IsRaised(read), Cancellation);
        return events.FindAll(alarm => alarm.DeviceId != sentinel.Id);
    }

    private static void AssertSecond(ulong unixNs, SyntheticDevice device, double low, double high) =>
        Assert.InRange(((long)unixNs - device.StartUnixNs) / 1e9, low, high);
}
