using EcgStream.Core.Signals;
using Chunk = (EcgStream.Core.Signals.ChunkHeader Header, byte[] Payload);

namespace EcgStream.Core.Tests.Disturbances;

/// <summary>What a real device, its clock or its link does to a perfect row of chunks; null in the place of a chunk that is lost.</summary>
internal static class Disturbance
{
    private const long Second = 1_000_000_000;

    /// <summary>Stamps that say something else than when the samples were taken.</summary>
    public static readonly string[] OfStamps =
    [
        "none", "odd chunks stamped as the one before", "all stamped as the first", "whole seconds", "jitter 30 ms", "jitter 60 ms", "clock 0.5 % fast", "clock 0.5 % slow", "drifting clock",
        "one stray stamp of an hour", "set by a minute", "set back by a minute", "set by 5 hours", "set back by 5 hours", "set by 30 years", "set back by 30 years",
    ];

    public static Chunk?[] Apply(string name, IReadOnlyList<Chunk> chunks, double setAt = 20)
    {
        var random = new Random(5);
        var start = chunks[0].Header.DeviceTimeUnixNs;
        return [.. chunks.Select((chunk, index) => (Chunk?)(chunk.Header with { DeviceTimeUnixNs = Stamp(chunk.Header, index) }, chunk.Payload))];

        long Stamp(ChunkHeader header, int index)
        {
            var time = header.DeviceTimeUnixNs;
            var elapsed = time - start;
            var set = elapsed >= setAt * Second;
            return name switch
            {
                "odd chunks stamped as the one before" => index % 2 == 1 ? chunks[index - 1].Header.DeviceTimeUnixNs : time,
                "all stamped as the first" => start,
                "whole seconds" => time / Second * Second,
                "jitter 30 ms" => time + random.NextInt64(-30_000_000, 30_000_000),
                "jitter 60 ms" => time + random.NextInt64(-60_000_000, 60_000_000),
                "clock 0.5 % fast" => start + (long)(elapsed * 1.005),
                "clock 0.5 % slow" => start + (long)(elapsed * 0.995),
                "drifting clock" => start + elapsed + (long)(0.1 * Second * Math.Sin(elapsed * 1e-9 / 7)),
                "one stray stamp of an hour" => index == (int)(setAt / 0.248) ? time + (3600 * Second) : time,
                "set by a minute" => set ? time + (60 * Second) : time,
                "set back by a minute" => set ? time - (60 * Second) : time,
                "set by 5 hours" => set ? time + (5 * 3600 * Second) : time,
                "set back by 5 hours" => set ? time - (5 * 3600 * Second) : time,
                "set by 30 years" => set ? time + (30L * 365 * 86400 * Second) : time,
                "set back by 30 years" => set ? time - (30L * 365 * 86400 * Second) : time,
                "none" => time,
                _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown"),
            };
        }
    }

    /// <summary>Loses chunks: bursts of so many, 5 % in all.</summary>
    public static Chunk?[] Lose(IReadOnlyList<Chunk> chunks, int burst, int seed)
    {
        var random = new Random(seed);
        var kept = chunks.Select(chunk => (Chunk?)chunk).ToArray();
        for (var at = 4; at < kept.Length; at += burst)
        {
            if (random.NextDouble() < 0.055)
            {
                Array.Clear(kept, at, Math.Min(burst, kept.Length - at));
                at += burst; // two bursts side by side would be one of twice the length
            }
        }

        return kept;
    }
}
