using System.Diagnostics;
using System.Globalization;
using EcgStream.Faults.Books;
using EcgStream.Faults.Devices;
using EcgStream.Faults.Injections;

namespace EcgStream.Faults;

/// <summary>Does one round after the other and judges by the books.</summary>
internal static class Run
{
    private static readonly long Began = Stopwatch.GetTimestamp();

    public static async Task<int> AllAsync(RunOptions options)
    {
        foreach (var fault in Catalog.All.Where(fault => fault.Missing is not null))
        {
            Say($"{fault.Name} is left out: {fault.Missing}");
        }

        var report = new Report();
        var rounds = Schedule.Of(options);
        for (var number = 0; number < rounds.Count; number++)
        {
            var round = rounds[number];
            Say($"round {number + 1} of {rounds.Count}: {round.Name}, seed {round.Seed}");
            var tally = await OneAsync(round, options);
            report.Add(round, tally);
            Say($"{(tally.IsBalanced ? "balanced" : "OUT OF BALANCE")}: {Report.Line(tally)}");
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(report.ToMarkdown());
        if (options.Table.Length > 0)
        {
            await File.WriteAllTextAsync(options.Table, report.ToMarkdown());
        }

        return report.IsBalanced ? 0 : 1;
    }

    private static async Task<Tally> OneAsync(PlannedRound planned, RunOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-faults-").FullName;
        var random = new Random(planned.Seed);
        var tally = new Tally();
        await using (var round = new Round(folder, planned.Setup))
        {
            try
            {
                await round.StartAsync(new DeviceOptions(planned.Seed, options.Devices, planned.SessionSeconds, "", 0, 0));
                foreach (var fault in planned.Faults)
                {
                    await Task.Delay(random.Next(1500, options.IsBrief ? 3000 : 4000));
                    Say($"  {fault.Name}");
                    await fault.InjectAsync(round, random, options.IsBrief);
                }

                List<double> resident = options.Form == "soak" ? await Soak.WatchAsync(round, options.Seconds) : [];
                await Task.Delay(2000);
                tally = await round.FinishAsync();
                if (resident.Count > 0)
                {
                    tally = tally with { Problems = [.. tally.Problems, .. Soak.Problem(resident) is { } problem ? (string[])[problem] : []] };
                    await File.WriteAllTextAsync(Path.ChangeExtension(options.Table.Length > 0 ? options.Table : "soak.md", ".svg"), Soak.Plot(resident));
                }
            }
            catch (InvalidOperationException fault)
            {
                tally = new Tally { Problems = [.. round.Problems, fault.Message] };
            }

            if (!tally.IsBalanced && options.Keep.Length > 0)
            {
                await round.EndDaemonAsync();
                Keep(folder, Path.Combine(options.Keep, FormattableString.Invariant($"{planned.Name}-{planned.Seed}")));
            }
        }

        Directory.Delete(folder, recursive: true);
        return tally;
    }

    private static void Keep(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    public static void Say(string line) =>
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(Began):h\\:mm\\:ss}] {line}"));
}
