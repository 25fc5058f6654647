namespace EcgStream.Daemon.Journal;

/// <summary>Which times a segment's records cover, so that a search need not open it. A struct that grows as records are added.</summary>
internal struct SegmentRange
{
    public SegmentRange() { }

    public long Records { get; set; }

    public long IngestMinUnixNs { get; set; } = long.MaxValue;

    public long IngestMaxUnixNs { get; set; } = long.MinValue;

    public long DeviceMinUnixNs { get; set; } = long.MaxValue;

    public long DeviceMaxUnixNs { get; set; } = long.MinValue;

    public void Add(long ingestUnixNs, long deviceStartUnixNs, long deviceEndUnixNs)
    {
        Records++;
        IngestMinUnixNs = Math.Min(IngestMinUnixNs, ingestUnixNs);
        IngestMaxUnixNs = Math.Max(IngestMaxUnixNs, ingestUnixNs);
        DeviceMinUnixNs = Math.Min(DeviceMinUnixNs, deviceStartUnixNs);
        DeviceMaxUnixNs = Math.Max(DeviceMaxUnixNs, deviceEndUnixNs);
    }
}
