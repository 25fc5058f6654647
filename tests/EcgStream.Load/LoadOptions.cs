using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EcgStream.Load;

/// <summary>What to put on the daemon, and for how long.</summary>
internal sealed record LoadOptions
{
    public const string Usage = "load [--devices N] [--seconds S] [--chunk-ms MS] [--json FILE]";

    public int Devices { get; init; } = 200;

    public int Seconds { get; init; } = 60;

    public int ChunkMilliseconds { get; init; } = 250;

    /// <summary>Where the report goes as JSON too; empty = only to stdout.</summary>
    public string JsonPath { get; init; } = "";

    /// <summary>This process is the generator.</summary>
    public bool Generate { get; init; }

    /// <summary>When the first device begins, Unix milliseconds, so that generator and probes count from the same moment.</summary>
    public long BeginUnixMilliseconds { get; init; }

    public int GrpcPort { get; init; }

    public int MqttPort { get; init; }

    public static bool TryParse(string[] args, [NotNullWhen(true)] out LoadOptions? options, out string problem)
    {
        options = null;
        problem = "";
        var parsed = new LoadOptions();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "generate")
            {
                parsed = parsed with { Generate = true };
                continue;
            }

            if (i + 1 == args.Length)
            {
                problem = $"{args[i]} needs a value";
                return false;
            }

            var (name, value) = (args[i], args[++i]);
            if (name == "--json")
            {
                parsed = parsed with { JsonPath = value };
                continue;
            }

            if (name == "--begin-ms" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var begin))
            {
                parsed = parsed with { BeginUnixMilliseconds = begin };
                continue;
            }

            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            {
                problem = $"{name} is '{value}', accepted is a whole number of at least 1";
                return false;
            }

            switch (name)
            {
                case "--devices": parsed = parsed with { Devices = number }; break;
                case "--seconds": parsed = parsed with { Seconds = number }; break;
                case "--chunk-ms": parsed = parsed with { ChunkMilliseconds = number }; break;
                case "--grpc-port": parsed = parsed with { GrpcPort = number }; break;
                case "--mqtt-port": parsed = parsed with { MqttPort = number }; break;
                default:
                    problem = $"no option {name}";
                    return false;
            }
        }

        if (parsed.ChunkMilliseconds is < 20 or > 2000)
        {
            problem = $"--chunk-ms is {parsed.ChunkMilliseconds}, accepted is 20 to 2000";
            return false;
        }

        options = parsed;
        return true;
    }
}
