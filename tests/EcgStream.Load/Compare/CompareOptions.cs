using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EcgStream.Load.Compare;

/// <summary>The sizes of the comparison.</summary>
internal sealed record CompareOptions
{
    public const string Usage = "load compare [--connections N] [--seconds S] [--payload BYTES] [--idle N] [--rounds N]";

    public int Connections { get; init; } = 50;

    public int Seconds { get; init; } = 8;

    /// <summary>A chunk of 12 leads, 500 Hz and 200 ms has 2,444 bytes.</summary>
    public int PayloadBytes { get; init; } = 2444;

    public int IdleConnections { get; init; } = 10_000;

    /// <summary>Each broker is measured this often, in turns; the table has the best of each, as other work on the machine only takes away.</summary>
    public int Rounds { get; init; } = 3;

    public static bool TryParse(ReadOnlySpan<string> args, [NotNullWhen(true)] out CompareOptions? options)
    {
        options = null;
        var parsed = new CompareOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            {
                return false;
            }

            switch (args[i])
            {
                case "--connections": parsed = parsed with { Connections = number }; break;
                case "--seconds": parsed = parsed with { Seconds = number }; break;
                case "--payload": parsed = parsed with { PayloadBytes = number }; break;
                case "--idle": parsed = parsed with { IdleConnections = number }; break;
                case "--rounds": parsed = parsed with { Rounds = number }; break;
                default: return false;
            }
        }

        options = parsed;
        return true;
    }
}
