using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Journal;

/// <summary>Section <c>Journal</c>. A value outside its range stops the start.</summary>
public sealed class JournalOptions
{
    public const string SectionName = "Journal";

    /// <summary>Folder of the segment files. Default: <c>journal</c> under <c>Storage:DataDirectory</c>. One daemon per folder.</summary>
    [Required]
    public string Directory { get; set; } = null!;

    /// <summary>
    /// A segment is closed before it would pass this. Default 64 MiB. Smaller: more files, finer retention;
    /// larger: a longer scan after a power cut (about 1 s per GiB).
    /// </summary>
    [Range(64L * 1024, 1024L * 1024 * 1024)]
    public long SegmentBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>A segment is closed when it is older than this, so that retention works for few devices too. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Closed segments older than this are deleted. Default 3 days, the usual full-disclosure length.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(3);

    /// <summary>The oldest closed segments are deleted while all together pass this. Default 20 GiB; a 12-lead device writes about 1 GiB a day.</summary>
    [Range(1024L * 1024, 1L << 50)]
    public long MaxBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Shortest time between two flushes to disk; the first append after a pause is flushed at once. Default 20 ms. It is the upper bound of what group commit adds to an acknowledgement.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes that may wait for a commit. Default 16 MiB. Full: the gateway waits for space, which holds the senders back. Memory is taken as needed, twice this at most.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int QueueBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Records that may wait for a commit. Default 32,768.</summary>
    [Range(1, 1 << 20)]
    public int QueueRecords { get; set; } = 32_768;

    /// <summary>How much of the tail, by ingest time, is read again at start to rebuild the device sessions. Default 30 s: a 10 s window plus filter settling, doubled.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause before writing is tried again after a failure. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A write or flush that takes longer counts as failed: whoever waits is told so, and no more chunks are taken until it returns. Default 2 s. Shorter
    /// than devices can hold back their samples, or a disk that hangs would silence them.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(2);
}
