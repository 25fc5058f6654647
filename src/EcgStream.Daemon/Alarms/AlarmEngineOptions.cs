using System.ComponentModel.DataAnnotations;
using EcgStream.Core.Alarms;

namespace EcgStream.Daemon.Alarms;

/// <summary>How transitions get from the rules into the journal. What the rules decide by is in <see cref="AlarmOptions"/>.</summary>
public sealed class AlarmEngineOptions
{
    public const string SectionName = AlarmOptions.SectionName + ":Engine";

    /// <summary>
    /// Transitions that may wait to be published. When it is full a device's next inputs are not judged until its last transition has found
    /// room (counted): conditions that hold are raised then.
    /// </summary>
    [Range(16, 1 << 20)]
    public int TransitionCapacity { get; set; } = 8192;

    /// <summary>How long an alarm waits to be stored before it is published all the same, marked as not stored. While storing fails it does not wait at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05", ParseLimitsInInvariantCulture = true)]
    public TimeSpan PublishUnstoredAfter { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Published transitions that may wait for the disk, about 500 bytes each. Beyond them the oldest are never stored (counted).</summary>
    [Range(16, 1 << 20)]
    public int UnstoredCapacity { get; set; } = 65_536;

    /// <summary>Transitions of one append, which is one commit.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 256;

    /// <summary>How often rules that only time decides are looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:02", ParseLimitsInInvariantCulture = true)]
    public TimeSpan TickInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Pause before a failed append or publication is tried again; doubled each time up to <see cref="RetryDelayLimit"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause between two tries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RetryDelayLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Tries of a transition that a publisher's other end refuses (a broker's access list, for one), before it is
    /// parked with the reason. Transitions of other devices go on meanwhile; those of the same device wait.
    /// </summary>
    [Range(1, 100)]
    public int PublisherTries { get; set; } = 5;

    /// <summary>How long a stop waits for the journal to take what is queued.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Devices that fell silent and were forgotten, but whose loss of data nobody has acknowledged yet. Beyond them the
    /// alarms of the one that is silent longest are cleared (logged).
    /// </summary>
    [Range(1, 100_000)]
    public int MaxForgotten { get; set; } = 1000;

    /// <summary>How long the alarms of such a device stay open unseen before they are cleared.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan KeepForgottenFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Newest transitions that are read at start to know up to where each device was decided, before the chunk journal's tail is replayed. Fewer than
    /// were decided in the time that is replayed would raise some again that were over.
    /// </summary>
    [Range(1000, 1_000_000)]
    public int ReplayLookback { get; set; } = 20_000;
}
