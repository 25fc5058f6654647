using System.Buffers;
using System.Threading.Channels;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Functional.Tests;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgStream.Interop.Tests.Ingest;

/// <summary>mosquitto with an access list that forbids the daemon to publish the alarms of some devices.</summary>
public sealed class AlarmAccessTests
{
    private const string Access = """
        topic read #
        topic write ecg/v1/main/bed-good/#

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mosquitto_ForbidsOneDevicesAlarms_TheyAreParkedWithItsReasonAndTheOthersArrive()
    {
        await using var broker = new PersistentMosquitto { Access = Access };
        await broker.StartAsync();
        await using var daemon = await TestDaemon.StartAsync(
            null, $"--Ingest:Mqtt:Broker=mqtt://127.0.0.1:{broker.Port}", "--Alarms:Engine:RetryDelay=00:00:00.010",
            "--Alarms:Engine:PublisherTries=2");
        var alarms = Channel.CreateUnbounded<AlarmEvent>();
        using var ward = new MqttClientFactory().CreateMqttClient();
        ward.ApplicationMessageReceivedAsync += received =>
        {
            var payload = received.ApplicationMessage.Payload.ToArray();
            alarms.Writer.TryWrite(AlarmEvent.Parser.ParseFrom(payload));
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", broker.Port).WithClientId("ward").Build();
        await ward.ConnectAsync(options, Cancellation);
        await ward.SubscribeAsync("ecg/v1/main/+/alarms", MqttQualityOfServiceLevel.AtLeastOnce, Cancellation);

        foreach (var bed in (string[])["bed-bad", "bed-good"])
        {
            var device = new SyntheticDevice(
                bed, new SynthSpec { Rhythm = RhythmKind.Asystole, Seed = 15, Onset = TimeSpan.FromSeconds(12) });
            await device.StreamAsync(daemon.GrpcEndpoint(), 25, end: false, Cancellation);
        }

        var arrived = await Waiting.ReadUntilAsync(
            alarms.Reader.ReadAllAsync, read => read[^1].Condition == AlarmCondition.Asystole, "an asystole",
            Cancellation);
        Assert.All(arrived, alarm => Assert.Equal("bed-good", alarm.DeviceId));
        var databases = daemon.Services.GetRequiredService<SqliteDatabases>();
        await Waiting.UntilAsync(() => Parked(databases).Count > 0, "an alarm to be parked", Cancellation);
        Assert.All(Parked(databases), parked =>
        {
            Assert.Equal("bed-bad", parked.Alarm.DeviceId);
            Assert.StartsWith("NotAuthorized", parked.Reason, StringComparison.Ordinal);
        });
    }

    private static List<(AlarmEvent Alarm, string Reason)> Parked(SqliteDatabases databases)
    {
        using var connection = databases.OpenAlarms();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT event, reason FROM parked_alarms WHERE publisher = 'mqtt' ORDER BY cursor";
        using var row = command.ExecuteReader();
        var parked = new List<(AlarmEvent, string)>();
        while (row.Read())
        {
            parked.Add((AlarmEvent.Parser.ParseFrom((byte[])row[0]), row.GetString(1)));
        }

        return parked;
    }
}
