using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Ingest;

/// <summary>What holds for every chunk, however it comes in.</summary>
public sealed class IngestOptions
{
    public const string SectionName = "Ingest";

    /// <summary>
    /// Devices known at the same time. A chunk of one more is refused; a device is forgotten <see cref="ForgetAfter"/> its last chunk.
    /// Each costs up to 512 KiB while it streams.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxDevices { get; set; } = 4096;

    /// <summary>How long a silent device is kept. Shorter loses the sequence numbers that tell a repeated chunk from a new one.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Windows of one device that may wait for their results while it sends faster than real time (a replay). Beyond that its next chunk
    /// waits. A device at real time is never held back.
    /// </summary>
    [Range(1, 1024)]
    public int CatchUpWindows { get; set; } = 16;
}
