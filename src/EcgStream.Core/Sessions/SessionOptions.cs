using System.ComponentModel.DataAnnotations;

namespace EcgStream.Core.Sessions;

/// <summary>How a device's chunks are put in order. Bound from configuration; the daemon stops at start when a value is out of range.</summary>
public sealed class SessionOptions
{
    public const string SectionName = "Sessions";

    /// <summary>Chunks that wait for an earlier one at most. Fewer: a reordered chunk counts as missing sooner; more: results come later after a real loss.</summary>
    [Range(1, 32)]
    public int MaxHeldChunks { get; set; } = 8;

    /// <summary>Signal in the waiting chunks, the newest apart, after which the missing one is given up; also the daemon time after which silence gives it up.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan MaxHold { get; set; } = TimeSpan.FromMilliseconds(500);
}
