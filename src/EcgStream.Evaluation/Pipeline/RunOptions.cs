namespace EcgStream.Evaluation.Pipeline;

/// <summary>How a recording is fed to the pipeline.</summary>
internal sealed record RunOptions
{
    /// <summary>Device clock of every recording's first sample: 2023-11-14 22:13:20 UTC, any time would do.</summary>
    public const long StartUnixNs = 1_700_000_000_000_000_000;

    public static RunOptions Standard { get; } = new();

    /// <summary>Length of a chunk, 20 ms to 2 s; devices send 100 to 500 ms.</summary>
    public TimeSpan Chunk { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long the last sample is held after the end, so that what waits for later samples (the last beat, its window) still comes out. It must stay below
    /// the 4 s of an asystole.
    /// </summary>
    public TimeSpan Padding { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Bits of the electrodes that are off in the chunk that begins at a second of the record; null: none ever, recordings do not say.</summary>
    public Func<double, uint>? ElectrodesOff { get; init; }

    /// <summary>Pseudonym under which every record is streamed.</summary>
    public string DeviceId { get; init; } = "record";
}
