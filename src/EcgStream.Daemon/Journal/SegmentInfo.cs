namespace EcgStream.Daemon.Journal;

/// <summary>What is known of a segment file without reading its records.</summary>
/// <param name="Range">Null while it is written to, and for one that was never closed in order: it is then always searched.</param>
/// <param name="Bytes">Length of a closed segment; 0 while it is written to.</param>
internal sealed record SegmentInfo(uint Number, string Path, long CreatedUnixNs, long Bytes, SegmentRange? Range);
