namespace EcgStream.Daemon.Ingest;

/// <summary>A device's counts at one moment, or those of several together.</summary>
internal readonly record struct DeviceSums(
    long Journaled, long Windows, long Results, long Beats, long Duplicate, long Reordered, long Late, long Missing, long GapsInterpolated, long GapsBroken)
{
    /// <summary>Duplicates are those that the session dropped; ingest counts its own.</summary>
    public static DeviceSums Of(DeviceEntry device)
    {
        var totals = device.Totals;
        return device.Stream?.Session.Counters is { } stream
            ? new DeviceSums(
                totals.Journaled, totals.Windows, totals.Results, totals.Beats, stream.Duplicate, stream.Reordered, stream.Late, stream.Missing,
                stream.GapsInterpolated, stream.GapsBroken)
            : new DeviceSums(totals.Journaled, totals.Windows, totals.Results, totals.Beats, 0, 0, 0, 0, 0, 0);
    }

    public static DeviceSums operator +(DeviceSums left, DeviceSums right) => new(
        left.Journaled + right.Journaled, left.Windows + right.Windows, left.Results + right.Results, left.Beats + right.Beats,
        left.Duplicate + right.Duplicate, left.Reordered + right.Reordered, left.Late + right.Late, left.Missing + right.Missing,
        left.GapsInterpolated + right.GapsInterpolated, left.GapsBroken + right.GapsBroken);
}
