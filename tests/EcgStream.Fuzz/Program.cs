using System.Globalization;
using EcgStream.Fuzz;

// dotnet run -c Release --project tests/EcgStream.Fuzz -- [--inputs N] [--seed S] [--target NAME]
// Ends with 0 where nothing was found, 1 where something was, 2 where it was not told what to do. A finding is made again with its seed and target.
long inputs = 10_000_000;
var seed = (ulong)TimeProvider.System.GetTimestamp();
string? only = null;
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    switch (args[i])
    {
        case "--inputs" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out inputs) && inputs > 0: break;
        case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed): break;
        case "--target": only = value; break;
        default:
            Console.Error.WriteLine("fuzz [--inputs N] [--seed S] [--target NAME]");
            return 2;
    }
}

var targets = Catalog.Create().Where(t => only is null || t.Name == only).ToList();
if (targets.Count == 0)
{
    Console.Error.WriteLine($"fuzz: no target {only}; there are {string.Join(", ", Catalog.Create().Select(t => t.Name))}");
    return 2;
}

Console.WriteLine(FormattableString.Invariant($"seed {seed}, {inputs} inputs over {targets.Count} targets"));
Console.WriteLine($"{"target",-22} {"inputs",12} {"accepted",12} {"s",8} {"k/s",8} {"slowest ms",11} {"largest KiB",12} {"heap KiB",9}");
var (found, done) = (0, 0L);
for (var t = 0; t < targets.Count; t++)
{
    var share = (inputs / targets.Count) + (t < inputs % targets.Count ? 1 : 0);
    var run = new FuzzRun(targets[t], seed, share);
    using var watchdog = new Timer(
        _ =>
        {
            if (run.Hanging is { } index)
            {
                Console.WriteLine(FormattableString.Invariant($"HANG {targets[t].Name}: seed {seed}, input {index} has not returned for {FuzzRun.Hang.TotalSeconds} s"));
                Environment.Exit(1);
            }

            Console.Error.WriteLine(FormattableString.Invariant($"{targets[t].Name}: {run.Done} of {share}, {100.0 * (done + run.Done) / inputs:F1} % of all"));
        },
        null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
    var report = run.Run();
    done += share;
    found += report.Findings.Count;
    Console.WriteLine(FormattableString.Invariant(
        $"{report.Target,-22} {report.Inputs,12} {report.Accepted,12} {report.Seconds,8:F1} {report.Inputs / report.Seconds / 1000,8:F0} {report.SlowestMicroseconds / 1000.0,11:F2} {report.LargestAllocationBytes / 1024.0,12:F1} {report.HeapGrowthBytes / 1024.0,9:F0}"));
    foreach (var finding in report.Findings)
    {
        Console.WriteLine("FOUND " + finding);
    }
}

Console.WriteLine(FormattableString.Invariant($"{done} inputs, {found} findings"));
return found == 0 ? 0 : 1;
