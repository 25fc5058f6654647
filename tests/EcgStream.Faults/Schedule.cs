using EcgStream.Faults.Injections;

namespace EcgStream.Faults;

/// <summary>One round: its faults in their order, and the seed that everything random in it comes from.</summary>
internal sealed record PlannedRound(string Name, int Seed, RoundSetup Setup, IReadOnlyList<Injection> Faults, int SessionSeconds);

/// <summary>What a form does. The same seed gives the same schedule.</summary>
internal static class Schedule
{
    private const int KillsPerRound = 20;
    private const int OthersPerRound = 10;

    public static List<PlannedRound> Of(RunOptions options) => options.Form switch
    {
        "short" => Short(options),
        "soak" => [new PlannedRound("soak", options.Seed, RoundSetup.Influx, [], 600)],
        _ => Long(options),
    };

    /// <summary>Several faults to a round, so that it fits into three minutes.</summary>
    private static List<PlannedRound> Short(RunOptions options)
    {
        var random = new Random(options.Seed);
        (string Name, string[] Faults)[] mixes =
        [
            ("mixed", ["kill", "kill", "kill", "torn-tail", "stop", "disk-full", "slow-fsync", "clock-step", "influx-dead", "influx-hung"]),
            ("mosquitto", ["kill-broker", "kill-broker"]),
            ("network", ["cut", "half-open"]),
        ];
        var rounds = new List<PlannedRound>();
        foreach (var (name, names) in mixes)
        {
            var faults = names.Where(fault => options.Only.Count == 0 || options.Only.Contains(fault)).Select(fault => Catalog.All.Single(one => one.Name == fault))
                .Where(fault => fault.Missing is null).ToArray();
            random.Shuffle(faults);
            if (faults.Length > 0)
            {
                rounds.Add(new PlannedRound(name, random.Next(1, 10_000), faults.Aggregate(RoundSetup.Plain, (setup, fault) => setup | fault.Setup), faults, 30));
            }
        }

        return rounds;
    }

    /// <summary>One fault to a round, so that the table says which one a loss belongs to.</summary>
    private static List<PlannedRound> Long(RunOptions options)
    {
        var rounds = new List<PlannedRound>();
        foreach (var fault in Catalog.All.Where(fault => fault.Missing is null && (options.Only.Count == 0 || options.Only.Contains(fault.Name))))
        {
            var times = options.Times ?? (fault.Name == "kill" ? 200 : 20);
            var most = fault.Name == "kill" ? KillsPerRound : OthersPerRound;
            for (var number = 0; times > 0; number++, times -= most)
            {
                var seed = (options.Seed * 1000) + (Array.IndexOf(Catalog.All, fault) * 20) + number;
                rounds.Add(new PlannedRound(fault.Name, seed, fault.Setup, [.. Enumerable.Repeat(fault, Math.Min(most, times))], 120));
            }
        }

        return rounds;
    }
}
