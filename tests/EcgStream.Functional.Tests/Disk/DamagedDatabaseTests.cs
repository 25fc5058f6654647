using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;

namespace EcgStream.Functional.Tests.Disk;

/// <summary>A start over damaged databases: the files are kept aside, what holds is told again, and results are stored.</summary>
public sealed class DamagedDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-damaged-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_OverDamagedDatabases_MonitorsAndRebuildsOpenAlarms()
    {
        var device = new SyntheticDevice("dev-asystole", new SynthSpec
        {
            Rhythm = RhythmKind.Asystole,
            Seed = 15,
            Onset = TimeSpan.FromSeconds(20),
            EpisodeDuration = TimeSpan.FromSeconds(30),
        });
        AlarmEvent before;
        await using (var daemon = await TestDaemon.StartAsync(_folder))
        {
            await device.StreamAsync(daemon.GrpcEndpoint(), 27, end: false, Cancellation);
            before = (await Following.AlarmsAsync(daemon.Channel, device.Id, 0, read => read[^1].Condition == AlarmCondition.Asystole, Cancellation))[^1];
        }

        foreach (var file in new[] { "alarms.db", "results.db" })
        {
            using var damaged = File.OpenHandle(Path.Combine(_folder, file), FileMode.Open, FileAccess.Write);
            RandomAccess.Write(damaged, new byte[3000], 512);
        }

        await using var next = await TestDaemon.StartAsync(_folder);
        Assert.Equal(2, Directory.GetFiles(_folder, "*.db.damaged-*").Length);
        Assert.Equal(2, next.Errors.Count(line => line.Contains("is damaged", StringComparison.Ordinal)));
        var alarms = await Following.AlarmsAsync(
            next.Channel, null, 0,
            read => read.Exists(alarm => alarm.Condition == AlarmCondition.Asystole) && read.Exists(alarm => alarm.Condition == AlarmCondition.StorageDamaged), Cancellation);
        var again = alarms.Find(alarm => alarm.Condition == AlarmCondition.Asystole)!;
        Assert.Equal((before.AlarmId, before.EventUnixNs), (again.AlarmId, again.EventUnixNs));
        Assert.True(again.Cursor > before.Cursor, $"{again.Cursor}");

        await device.StreamAsync(next.GrpcEndpoint(), 45, end: false, Cancellation);
        await Following.ResultsToAsync(next.Channel, device.Id, 0, device.EndUnixNs, Cancellation);
    }
}
