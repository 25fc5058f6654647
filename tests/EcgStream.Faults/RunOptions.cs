using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EcgStream.Faults.Injections;

namespace EcgStream.Faults;

/// <summary>The command line.</summary>
internal sealed record RunOptions(string Form)
{
    public const string Usage = "faults short|long|soak [--seed N] [--only FAULT,…] [--times N] [--table FILE] [--keep FOLDER] [--devices N] [--seconds N]";

    public int Seed { get; init; } = 1;

    /// <summary>Names of faults; empty = all of the form.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>How often each fault is done; null = as the form says.</summary>
    public int? Times { get; init; }

    /// <summary>Where the table goes as Markdown; empty = to the console alone.</summary>
    public string Table { get; init; } = "";

    /// <summary>Folder in which logs and data of rounds out of balance are kept; empty = nowhere.</summary>
    public string Keep { get; init; } = "";

    /// <summary>Devices that stream.</summary>
    public int Devices { get; init; } = 4;

    /// <summary>Of the soak.</summary>
    public int Seconds { get; init; } = 7200;

    public bool IsBrief => Form == "short";

    public static bool TryParse(string[] args, [NotNullWhen(true)] out RunOptions? options, out string problem)
    {
        (options, problem) = (null, "");
        if (args is not ["short" or "long" or "soak", ..] || args.Length % 2 == 0)
        {
            problem = "name a form, and a value for each option";
            return false;
        }

        var parsed = new RunOptions(args[0]);
        for (var at = 1; at < args.Length; at += 2)
        {
            var value = args[at + 1];
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (args[at])
            {
                case "--seed" when isNumber: parsed = parsed with { Seed = number }; break;
                case "--times" when isNumber && number > 0: parsed = parsed with { Times = number }; break;
                case "--devices" when isNumber && number is > 0 and <= 1000: parsed = parsed with { Devices = number }; break;
                case "--seconds" when isNumber && number > 0: parsed = parsed with { Seconds = number }; break;
                case "--table": parsed = parsed with { Table = value }; break;
                case "--keep": parsed = parsed with { Keep = value }; break;
                case "--only":
                    parsed = parsed with { Only = value.Split(',') };
                    if (parsed.Only.FirstOrDefault(name => Catalog.All.All(fault => fault.Name != name)) is { } unknown)
                    {
                        problem = $"--only: {unknown} is no fault; there are {string.Join(", ", Catalog.All.Select(fault => fault.Name))}";
                        return false;
                    }

                    break;
                default:
                    problem = $"{args[at]} {value} is no option";
                    return false;
            }
        }

        options = parsed;
        return true;
    }
}
