using System.ComponentModel.DataAnnotations;

namespace EcgStream.Daemon.Storage;

/// <summary>Section <c>Storage</c>. A value outside its range stops the start.</summary>
public sealed class StorageOptions
{
    public const string SectionName = "Storage";

    /// <summary>Folder of the database, and by default of the journal. Default <c>data</c> under the working directory.</summary>
    [Required(AllowEmptyStrings = false)]
    public string DataDirectory { get; set; } = "data";

    /// <summary>
    /// Rows that may wait to be stored. Default 65,536: at 200 devices and one result, one vitals row and two beats a second each,
    /// over a minute of a stalled disk. Full: the producer is told, and the row is counted as dropped.
    /// </summary>
    [Range(1, 1 << 22)]
    public int QueueCapacity { get; set; } = 65_536;

    /// <summary>Most rows in one transaction. Default 1,000. Larger: more throughput, longer before a row can be read.</summary>
    [Range(1, 100_000)]
    public int BatchRows { get; set; } = 1_000;

    /// <summary>Shortest time between two transactions that do not fill a batch. Default 50 ms: twenty flushes a second beside the journal's fifty.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Results, beats and vitals stored longer ago than this, by the daemon's clock, are deleted; a device's clock does not matter. Default 30 days. Alarms and audit are kept by <see cref="AlarmRetention"/>.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3660.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Alarm transitions and audit entries older than this are deleted; an alarm that is not cleared is always kept. Default 365 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3660.00:00:00")]
    public TimeSpan AlarmRetention { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Rows deleted per step of retention. Default 2,000: a step holds the writer for some milliseconds.</summary>
    [Range(1, 100_000)]
    public int PurgeRows { get; set; } = 2_000;
}
