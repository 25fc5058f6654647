using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EcgStream.Faults.Books;
using EcgStream.Faults.Devices;
using EcgStream.Faults.Processes;
using EcgStream.Testing.Influx;

namespace EcgStream.Faults;

/// <summary>
/// Daemon, brokers, InfluxDB and devices from their start to the audit. Injections hurt them in between, one at a time.
/// </summary>
internal sealed class Round : IAsyncDisposable
{
    private const string Database = "ecg";

    /// <summary>More than the 1 GiB that the daemon wants free at its start; a tmpfs takes memory for what is written alone.</summary>
    private const string DiskSize = "2g";

    private readonly ConcurrentQueue<SessionOutcome> _sessions = new();
    private readonly string _folder;
    private readonly RoundSetup _setup;
    private ChildProcess? _devices;
    private AlarmFollowers? _followers;

    public Round(string folder, RoundSetup setup)
    {
        _folder = folder;
        _setup = setup;
        DataDirectory = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
    }

    public string DataDirectory { get; }

    public string JournalFolder => Path.Combine(DataDirectory, "journal");

    public DaemonUnderTest Daemon { get; private set; } = null!;

    public FaultControl Control { get; private set; } = null!;

    public InfluxServer? Influx { get; private set; }

    public Mosquitto? Broker { get; private set; }

    public DeviceNetwork? Network { get; private set; }

    /// <summary>Chunks that an injection destroyed in the journal.</summary>
    public HashSet<ChunkName> Destroyed { get; } = [];

    /// <summary>What went wrong beside the books.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Makes the disk as small as what lies on it.</summary>
    public async Task FillDiskAsync()
    {
        // The daemon writes meanwhile, and a tmpfs is not made smaller than what is on it.
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var disk = new DriveInfo(DataDirectory);
            if ((await ResizeAsync((disk.TotalSize - disk.AvailableFreeSpace).ToString(CultureInfo.InvariantCulture))).Code == 0)
            {
                return;
            }
        }

        throw new InvalidOperationException("the disk could not be filled");
    }

    public Task EmptyDiskAsync() => ResizeAsync(DiskSize);

    /// <summary>Ends the devices, waits until everything has come through, ends the daemon, and takes the audit.</summary>
    public async Task<Tally> FinishAsync()
    {
        Control.SetClockOffset(TimeSpan.Zero);
        Control.SetFlushDelay(TimeSpan.Zero);
        await _devices!.Input.WriteLineAsync();
        if (!await _devices.WaitAsync(TimeSpan.FromMinutes(4)))
        {
            Problems.Add("the devices' chunks were not all answered within 4 min");
        }
        else if (_devices.ExitCode != 0)
        {
            Problems.Add($"the devices ended with {_devices.ExitCode}");
        }

        await _devices.DisposeAsync();
        _devices = null;
        Problems.AddRange(_sessions.Where(session => session.Unanswered + session.Refused > 0)
            .Select(session => $"{session.Device}: {session.Refused} refused, {session.Unanswered} unanswered of {session.Chunks}: {session.Problem}"));
        await SettleAsync();
        var points = await InfluxPointsAsync();
        var code = await Daemon.StopAsync();
        if (code != 0)
        {
            Problems.Add($"the daemon's stop ended with {code?.ToString(CultureInfo.InvariantCulture) ?? "a kill"}");
        }

        if (_followers!.Fault is { } fault)
        {
            Problems.Add($"a subscriber ended: {fault}");
        }

        var audit = new Audit(DataDirectory, [.. _sessions]) { Destroyed = Destroyed };
        return new Tally
        {
            Chunks = audit.Chunks(),
            Windows = audit.Windows(),
            Beats = audit.Beats(),
            Asystoles = audit.Asystoles(),
            Alerts = audit.Alerts(_followers.Grpc, mayRepeat: false, mayMiss: false),
            AlertsMqtt = audit.Alerts(_followers.Mqtt, mayRepeat: true, mayMiss: Broker is null),
            Influx = points is null ? default : audit.Influx(points),
            Problems = Problems,
        };
    }

    /// <summary>So that its files can be read, where it still runs.</summary>
    public Task EndDaemonAsync() => Daemon is null ? Task.CompletedTask : Daemon.KillAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[_devices, _followers, Daemon, Broker, Influx, Network])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        if (_setup.HasFlag(RoundSetup.SmallDisk))
        {
            await Shell.TryAsync("umount", DataDirectory);
        }
    }

    /// <summary>Starts everything; what was started is ended by <see cref="DisposeAsync"/> even where this fails.</summary>
    public async Task StartAsync(DeviceOptions devices)
    {
        Control = await FaultControl.CreateAsync(_folder);
        var host = "127.0.0.1";
        List<string> settings = ["--Journal:SegmentAge=00:00:05", "--Journal:SegmentBytes=4194304"];
        if (_setup.HasFlag(RoundSetup.SmallDisk))
        {
            await Shell.RunAsync("mount", "-t", "tmpfs", "-o", "size=" + DiskSize, "tmpfs", DataDirectory);
        }

        if (_setup.HasFlag(RoundSetup.Network))
        {
            Network = await DeviceNetwork.CreateAsync();
            host = DeviceNetwork.DaemonAddress;
        }

        if (_setup.HasFlag(RoundSetup.Influx))
        {
            Influx = await InfluxServer.StartAsync(Database, CancellationToken.None);
            settings.AddRange(
                [$"--Storage:Influx:Url={Influx.Url}", "--Storage:Influx:Org=-", $"--Storage:Influx:Bucket={Database}", "--Storage:Influx:MaxBackoff=00:00:05", "--Storage:Influx:Timeout=00:00:05"]);
        }

        if (_setup.HasFlag(RoundSetup.Mosquitto))
        {
            Broker = new Mosquitto(_folder);
            await Broker.StartAsync();
            settings.Add(string.Create(CultureInfo.InvariantCulture, $"--Ingest:Mqtt:Broker=mqtt://127.0.0.1:{Broker.Port}"));
        }

        if (_setup.HasFlag(RoundSetup.ThrowingModel))
        {
            settings.AddRange(ThrowingModel.Install(_folder));
        }

        Daemon = new DaemonUnderTest(DataDirectory, host, Path.Combine(_folder, "daemon.log"), Control.Environment, [.. settings]);
        await Daemon.StartAsync();
        var mqttPort = Broker?.Port ?? Daemon.MqttPort;
        _followers = new AlarmFollowers(host, Daemon.GrpcPort, host, mqttPort);
        devices = devices with { Host = host, GrpcPort = Broker is null ? Daemon.GrpcPort : 0, MqttPort = mqttPort };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "EcgStream.Faults.dll"), .. devices.ToArguments()];
        var (program, enter) = Network?.Enter("dotnet", arguments) ?? ("dotnet", arguments);
        _devices = ChildProcess.Start(Path.Combine(_folder, "devices.log"), null, Hear, program, enter);
    }

    private Task<(int Code, string Output)> ResizeAsync(string size) => Shell.TryAsync("mount", "-o", "remount,size=" + size, DataDirectory);

    private void Hear(string line)
    {
        if (line.StartsWith('{') && JsonSerializer.Deserialize<SessionOutcome>(line) is { } session)
        {
            _sessions.Enqueue(session);
        }
    }

    /// <summary>Until all that is expected is stored and told, or nothing has changed for 15 s.</summary>
    private async Task SettleAsync()
    {
        var database = new Books.Database(DataDirectory);
        var windows = _sessions.Sum(Audit.WindowsOf) * Audit.Models.Length;
        var (last, unchangedSince) = (default((long, long, long, int)), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(unchangedSince) < TimeSpan.FromSeconds(15))
        {
            var counts = database.Counts();
            var now = (counts.Results, counts.Beats, counts.Alarms, _followers!.Grpc.Count);
            if (now != last)
            {
                (last, unchangedSince) = (now, Stopwatch.GetTimestamp());
            }
            else if (counts.Results >= windows && _followers.Grpc.Count >= counts.Alarms && Stopwatch.GetElapsedTime(unchangedSince) > TimeSpan.FromSeconds(3))
            {
                return;
            }

            await Task.Delay(250);
        }
    }

    /// <summary>Points of each device and model, once they are as many as the results or have stayed the same for a minute.</summary>
    private async Task<Dictionary<(string, string), int>?> InfluxPointsAsync()
    {
        if (Influx is null)
        {
            return null;
        }

        var results = new Books.Database(DataDirectory).Counts().Results;
        var (points, last, since) = (new Dictionary<(string, string), int>(), -1L, Stopwatch.GetTimestamp());
        while (points.Values.Sum() < results && Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(1))
        {
            points.Clear();
            foreach (var series in await Influx.SeriesAsync("SELECT count(abnormal_score) FROM ecg_rhythm GROUP BY device, model", Database, CancellationToken.None))
            {
                var tags = series.GetProperty("tags");
                points.Add((tags.GetProperty("device").GetString()!, tags.GetProperty("model").GetString()!), series.GetProperty("values")[0][1].GetInt32());
            }

            if (points.Values.Sum() is var sum && sum != last)
            {
                (last, since) = (sum, Stopwatch.GetTimestamp());
            }

            await Task.Delay(250);
        }

        return points;
    }
}
