namespace EcgStream.Daemon.Journal;

/// <summary>Which records a reader hands out; everything by default.</summary>
internal sealed record JournalFilter
{
    public JournalPosition From { get; init; }

    public long FromIngestUnixNs { get; init; } = long.MinValue;

    public byte[]? DeviceIdUtf8 { get; init; }

    public long FromDeviceUnixNs { get; init; } = long.MinValue;

    public long ToDeviceUnixNs { get; init; } = long.MaxValue;

    public bool MayContain(SegmentInfo segment) => segment.Number >= From.Segment
        && (segment.Range is not { } range
            || (range.IngestMaxUnixNs >= FromIngestUnixNs && range.DeviceMaxUnixNs > FromDeviceUnixNs && range.DeviceMinUnixNs < ToDeviceUnixNs));

    public bool Matches(in JournalRecord record) => record.IngestUnixNs >= FromIngestUnixNs
        && record.DeviceEndUnixNs > FromDeviceUnixNs
        && record.DeviceStartUnixNs < ToDeviceUnixNs
        && (DeviceIdUtf8 is null || record.DeviceIdUtf8.Span.SequenceEqual(DeviceIdUtf8));
}
