using System.Buffers;
using System.Net;
using System.Threading.Channels;
using EcgStream.Client.Streaming;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Storage;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace EcgStream.Functional.Tests.Alarms;

/// <summary>Alarms on their way to a hospital's broker that refuses some, or was not there before a crash.</summary>
public sealed class AlarmHandOnTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-hand-on-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Broker_RefusesOneDevicesTopic_ItsAlarmsAreParkedAndTheOthersArrive()
    {
        await using var broker = await Broker.StartAsync(FreePort.Take(1)[0]);
        broker.Refuses = "ecg/v1/main/bed-bad/alarms";
        await using var daemon = await TestDaemon.StartAsync(
            _folder, $"--Ingest:Mqtt:Broker=mqtt://127.0.0.1:{broker.Port}", "--Alarms:Engine:PublisherTries=3",
            "--Alarms:Engine:RetryDelay=00:00:00.010");
        await StandStillAsync("bed-bad", daemon.GrpcEndpoint());
        await StandStillAsync("bed-good", daemon.GrpcEndpoint());

        var arrived = await broker.UntilAsync(IsAsystoleOf("bed-good"));
        Assert.DoesNotContain(arrived, alarm => alarm.DeviceId == "bed-bad");
        var databases = daemon.Services.GetRequiredService<SqliteDatabases>();
        await Waiting.UntilAsync(() => Parked(databases).Count > 0, "an alarm to be parked", Cancellation);
        Assert.All(Parked(databases), parked =>
        {
            Assert.Equal("bed-bad", parked.Alarm.DeviceId);
            Assert.Equal("NotAuthorized not this bed", parked.Reason);
        });
        using var http = new HttpClient { BaseAddress = daemon.Http };
        var page = await http.GetStringAsync("/metrics", Cancellation);
        Assert.Matches("(?m)^ecg_alarm_publisher_parked_total{publisher=\"mqtt\"} [1-9]", page);

        broker.Refuses = "";
        await StandStillAsync("bed-bad", daemon.GrpcEndpoint());
        await broker.UntilAsync(IsAsystoleOf("bed-bad"));
    }

    [Fact]
    public async Task Daemon_IsKilledBeforeTheBrokerIsThere_EachAlarmArrivesOnceAndInOrderAfterIt()
    {
        var port = FreePort.Take(1)[0];
        string[] settings =
        [
            .. DaemonProcess.Settings(_folder, out var ports), $"--Ingest:Mqtt:Broker=mqtt://127.0.0.1:{port}",
            "--Alarms:NoDataAfter=00:01:00",
        ];
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[0]}");
        var endpoint = new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", ports[0]);
        List<AlarmEvent> decided;
        await using (var first = DaemonProcess.Start(settings))
        {
            await first.ReadyAsync(ports[2], Cancellation);
            await StandStillAsync("bed-1", endpoint);
            decided = await Following.AlarmsAsync(channel, null, 0, Latched("bed-1"), Cancellation);
            await first.KillAsync();
        }

        await using var broker = await Broker.StartAsync(port);
        var databases = new SqliteDatabases(Options.Create(new StorageOptions { DataDirectory = _folder }));
        await using (var second = DaemonProcess.Start(settings))
        {
            await second.ReadyAsync(ports[2], Cancellation);
            var arrived = await broker.UntilAsync(alarm => alarm.Cursor >= decided[^1].Cursor);
            Assert.Equal(decided, arrived.Take(decided.Count));
            await Waiting.UntilAsync(
                () => CursorOf(databases) >= decided[^1].Cursor, "the cursor to be stored", Cancellation);
            await second.KillAsync();
        }

        // What went out in the very moment of the kill may come again; nothing that the stored cursor covers does.
        var (done, before) = (CursorOf(databases), broker.Taken());
        await using var third = DaemonProcess.Start(settings);
        await third.ReadyAsync(ports[2], Cancellation);
        await StandStillAsync("bed-2", endpoint);
        var all = await broker.UntilAsync(IsAsystoleOf("bed-2"));
        var after = all.Skip(before).Select(alarm => alarm.Cursor).ToList();
        Assert.Equal(after.Distinct().Order(), after);
        Assert.True(after[0] > done, $"cursor {after[0]} came again, {done} was done");
    }

    private static Func<AlarmEvent, bool> IsAsystoleOf(string device) =>
        alarm => alarm.DeviceId == device && alarm.Condition == AlarmCondition.Asystole;

    private static Func<List<AlarmEvent>, bool> Latched(string device) =>
        read => IsAsystoleOf(device)(read[^1]) && read[^1].Transition == AlarmTransition.Latched;

    private static async Task StandStillAsync(string device, StreamEndpoint to)
    {
        var spec = new SynthSpec
        {
            Rhythm = RhythmKind.Asystole, Seed = 15, Onset = TimeSpan.FromSeconds(12),
            EpisodeDuration = TimeSpan.FromSeconds(8),
        };
        await new SyntheticDevice(device, spec).StreamAsync(to, 40, end: true, Cancellation);
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

    private static ulong CursorOf(SqliteDatabases databases)
    {
        using var connection = databases.OpenAlarms();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT cursor FROM cursors WHERE name = 'publisher/mqtt'";
        return command.ExecuteScalar() is long cursor ? (ulong)cursor : 0;
    }

    /// <summary>A broker that keeps the alarms that it took, in the order in which they came.</summary>
    private sealed class Broker : IAsyncDisposable
    {
        private readonly MqttServer _server;
        private readonly Channel<AlarmEvent> _taken = Channel.CreateUnbounded<AlarmEvent>();
        private readonly List<AlarmEvent> _read = [];

        private Broker(MqttServer server, int port)
        {
            (_server, Port) = (server, port);
            server.InterceptingPublishAsync += publish =>
            {
                if (publish.ApplicationMessage.Topic == Refuses)
                {
                    publish.ProcessPublish = false;
                    publish.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
                    publish.Response.ReasonString = "not this bed";
                }
                else if (publish.ApplicationMessage.Topic.EndsWith("/alarms", StringComparison.Ordinal))
                {
                    _taken.Writer.TryWrite(AlarmEvent.Parser.ParseFrom(publish.ApplicationMessage.Payload.ToArray()));
                }

                return Task.CompletedTask;
            };
        }

        public int Port { get; }

        public string Refuses { get; set; } = "";

        public static async Task<Broker> StartAsync(int port)
        {
            var options = new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(port)
                .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
                .WithDefaultEndpointBoundIPV6Address(IPAddress.None).Build();
            var broker = new Broker(new MqttServerFactory().CreateMqttServer(options), port);
            await broker._server.StartAsync();
            return broker;
        }

        /// <summary>All that it took so far, up to the first that is looked for.</summary>
        public async Task<List<AlarmEvent>> UntilAsync(Func<AlarmEvent, bool> enough)
        {
            await Waiting.ReadUntilAsync(_taken.Reader.ReadAllAsync, read =>
            {
                _read.Add(read[^1]);
                return enough(read[^1]);
            }, "an alarm at the broker", Cancellation);
            return _read;
        }

        /// <summary>How many it took so far.</summary>
        public int Taken()
        {
            while (_taken.Reader.TryRead(out var alarm))
            {
                _read.Add(alarm);
            }

            return _read.Count;
        }

        public async ValueTask DisposeAsync()
        {
            await _server.StopAsync();
            _server.Dispose();
        }
    }
}
