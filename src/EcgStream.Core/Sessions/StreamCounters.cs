namespace EcgStream.Core.Sessions;

/// <summary>
/// What became of a device's chunks and windows since its first one. Written by the shard's thread alone; other threads may read, each value by itself.
/// Received = accepted + duplicate + late + format changed; of the accepted ones, those counted early came before a missing one.
/// </summary>
public sealed class StreamCounters
{
    /// <summary>Sessions begun.</summary>
    public long Sessions { get; internal set; }

    /// <summary>Chunks taken in, analysed or waiting.</summary>
    public long Accepted { get; internal set; }

    /// <summary>Chunks that had been taken in before.</summary>
    public long Duplicate { get; internal set; }

    /// <summary>Accepted chunks that came before an earlier one and had to wait for it.</summary>
    public long Early { get; internal set; }

    /// <summary>Accepted chunks that came behind a later one, but in time to be put in their place.</summary>
    public long Reordered { get; internal set; }

    /// <summary>Chunks that came after their place had been given up, or after their session had ended: not analysed.</summary>
    public long Late { get; internal set; }

    /// <summary>Sequence numbers given up. A chunk of them that comes later counts as <see cref="Late"/> too.</summary>
    public long Missing { get; internal set; }

    /// <summary>Chunks refused because rate or leads changed within their session.</summary>
    public long FormatChanged { get; internal set; }

    /// <summary>Gaps of at most 40 ms, filled by straight lines and marked.</summary>
    public long GapsInterpolated { get; internal set; }

    /// <summary>Gaps over 40 ms: no window spans them.</summary>
    public long GapsBroken { get; internal set; }

    /// <summary>Times that the device's clock was set by more than 2 s.</summary>
    public long ClockSteps { get; internal set; }

    /// <summary>Windows handed on.</summary>
    public long Windows { get; internal set; }

    /// <summary>Windows dropped because all buffers of their model were out.</summary>
    public long WindowsDropped { get; internal set; }
}
