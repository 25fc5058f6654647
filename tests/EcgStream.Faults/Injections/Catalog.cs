using EcgStream.Faults.Books;
using EcgStream.Faults.Processes;

namespace EcgStream.Faults.Injections;

/// <summary>Every fault there is.</summary>
internal static class Catalog
{
    public static readonly Injection[] All =
    [
        new("kill", RoundSetup.Influx, KillAsync),
        new("kill-broker", RoundSetup.Mosquitto, KillAsync),
        new("stop", RoundSetup.Influx, StopAsync),
        new("disk-full", RoundSetup.SmallDisk, FillDiskAsync),
        new("slow-fsync", RoundSetup.Influx, SlowFlushAsync) { NeedsShim = true },
        new("clock-step", RoundSetup.Influx, StepClockAsync) { NeedsShim = true },
        new("cut", RoundSetup.Network, CutAsync),
        new("half-open", RoundSetup.Network, HalfOpenAsync),
        new("torn-tail", RoundSetup.Plain, TearTailAsync),
        new("corrupt", RoundSetup.Plain, CorruptAsync),
        new("influx-dead", RoundSetup.Influx, InfluxDeadAsync),
        new("influx-hung", RoundSetup.Influx, InfluxHungAsync),
        new("mosquitto-restart", RoundSetup.Mosquitto, MosquittoRestartAsync),
        new("model-throws", RoundSetup.ThrowingModel, KillAsync),
    ];

    /// <summary>kill -9 at any moment, and a start up to a second later.</summary>
    private static async Task KillAsync(Round round, Random random, bool brief)
    {
        await round.Daemon.KillAsync();
        await Task.Delay(random.Next(0, 1000));
        await round.Daemon.StartAsync();
    }

    private static async Task StopAsync(Round round, Random random, bool brief)
    {
        await round.Daemon.Process.SignalAsync("STOP");
        await Task.Delay(TimeSpan.FromSeconds(brief ? 6 : 30));
        await round.Daemon.Process.SignalAsync("CONT");
        await round.Daemon.ReadyAsync();
    }

    /// <summary>Not a byte left for some seconds, as when something else writes beside the daemon.</summary>
    private static async Task FillDiskAsync(Round round, Random random, bool brief)
    {
        await round.FillDiskAsync();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(3, brief ? 6 : 12)));
        await round.EmptyDiskAsync();
        await round.Daemon.ReadyAsync();
    }

    private static async Task SlowFlushAsync(Round round, Random random, bool brief)
    {
        round.Control.SetFlushDelay(TimeSpan.FromMilliseconds(random.Next(200, 2000)));
        await Task.Delay(TimeSpan.FromSeconds(brief ? 5 : 10));
        round.Control.SetFlushDelay(TimeSpan.Zero);
    }

    /// <summary>The daemon's wall clock goes wrong by minutes to years, it is killed under the wrong clock, and the clock is set right again.</summary>
    private static async Task StepClockAsync(Round round, Random random, bool brief)
    {
        var step = new[] { TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(365) }[random.Next(4)] * (random.Next(2) == 0 ? -1 : 1);
        round.Control.SetClockOffset(step);
        await Task.Delay(TimeSpan.FromSeconds(random.Next(2, 5)));
        if (random.Next(2) == 0)
        {
            await KillAsync(round, random, brief);
            await Task.Delay(TimeSpan.FromSeconds(random.Next(1, 4)));
        }

        round.Control.SetClockOffset(TimeSpan.Zero);
    }

    private static async Task CutAsync(Round round, Random random, bool brief)
    {
        await round.Network!.CutAsync();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(2, brief ? 6 : 25)));
        await round.Network.MendAsync();
    }

    /// <summary>The devices lose their connections and make new ones, while the daemon still holds the old.</summary>
    private static async Task HalfOpenAsync(Round round, Random random, bool brief)
    {
        await round.Network!.CutAsync();
        await Task.Delay(500);
        await round.Network.DropDeviceSocketsAsync();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(1, 4)));
        await round.Network.MendAsync();
    }

    /// <summary>A power cut in the middle of a write: any number of bytes of a record behind the last whole one.</summary>
    private static async Task TearTailAsync(Round round, Random random, bool brief)
    {
        await round.Daemon.KillAsync();
        if (Journal.Read(round.JournalFolder) is [.., var last])
        {
            var record = new byte[last.Bytes];
            using var file = File.OpenHandle(last.Path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.Read(file, record, last.Offset);
            RandomAccess.SetLength(file, last.Offset + last.Bytes);
            RandomAccess.Write(file, record.AsSpan(0, random.Next(1, record.Length)), last.Offset + last.Bytes);
        }

        await round.Daemon.StartAsync();
    }

    /// <summary>One byte of an old record rots while the daemon is down; that chunk is lost, and nothing else may be.</summary>
    private static async Task CorruptAsync(Round round, Random random, bool brief)
    {
        await Task.Delay(TimeSpan.FromSeconds(45)); // so that some of the journal lies behind what a start replays
        await round.Daemon.KillAsync();
        var chunks = Journal.Read(round.JournalFolder);
        var newest = chunks.Count == 0 ? 0 : chunks[^1].IngestUnixNs;
        var old = chunks.FindAll(chunk => chunk.IngestUnixNs < newest - 40_000_000_000);
        if (old.Count > 0)
        {
            var victim = old[random.Next(old.Count)];
            var at = victim.Offset + random.Next(victim.Bytes);
            using var file = File.OpenHandle(victim.Path, FileMode.Open, FileAccess.ReadWrite);
            var one = new byte[1];
            RandomAccess.Read(file, one, at);
            one[0] ^= 0x40;
            RandomAccess.Write(file, one, at);
            round.Destroyed.Add(victim.Name);
        }

        await round.Daemon.StartAsync();
    }

    private static async Task InfluxDeadAsync(Round round, Random random, bool brief)
    {
        await round.Influx!.StopInfluxAsync();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(2, brief ? 5 : 15)));
        await round.Influx.StartInfluxAsync(CancellationToken.None);
    }

    private static async Task InfluxHungAsync(Round round, Random random, bool brief)
    {
        var id = round.Influx!.InfluxId!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await Shell.RunAsync("kill", "-STOP", id);
        await Task.Delay(TimeSpan.FromSeconds(random.Next(4, brief ? 8 : 15)));
        await Shell.RunAsync("kill", "-CONT", id);
    }

    private static async Task MosquittoRestartAsync(Round round, Random random, bool brief)
    {
        await round.Broker!.StopAsync();
        await Task.Delay(random.Next(0, 2000));
        await round.Broker.StartAsync();
    }
}
