using System.Buffers.Binary;
using System.Text;

namespace EcgStream.Daemon.Journal;

/// <summary>
/// Bytes of a segment file, little-endian.
/// <code>
/// header (32)   0 u32 "ECGJ" · 4 u16 version · 6 u16 header bytes · 8 u32 segment · 12 u32 0 · 16 i64 created, Unix ns · 24 u32 0 · 28 u32 CRC of 0..28
/// record (40+)  0 u32 CRC of 4..end, seeded with the segment number · 4 u16 "ER" · 6 u8 kind · 7 u8 device id bytes · 8 u32 payload bytes
///               12 u8 transport · 13 u8[3] 0 · 16 i64 ingest · 24 i64 device start · 32 i64 device end · 40 device id · payload
/// footer        a record of kind 2 at the end of a closed segment: ingest = latest, device start and end = earliest and latest,
///               payload = i64 earliest ingest · i64 records
/// </code>
/// The seed keeps a record that a file system misplaced from another segment from being taken for one of this.
/// </summary>
internal static class SegmentFormat
{
    public const string Extension = ".ecgj";
    public const ushort Version = 1;
    public const int HeaderBytes = 32;
    public const int RecordHeaderBytes = 40;
    public const int FooterPayloadBytes = 16;
    public const int FooterBytes = RecordHeaderBytes + FooterPayloadBytes;
    public const byte ChunkKind = 1;
    public const byte FooterKind = 2;
    public const int MagicOffset = 4;
    private const uint Magic = 0x4A47_4345; // "ECGJ"
    private const ushort RecordMagic = 0x5245; // "ER"

    public static ReadOnlySpan<byte> RecordMagicBytes => "ER"u8;

    public static void WriteHeader(Span<byte> header, uint segment, long createdUnixNs)
    {
        header[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], segment);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], createdUnixNs);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], Crc32C.Compute(0, header[..28]));
    }

    /// <returns>False when these bytes are no header of this segment.</returns>
    /// <exception cref="JournalException">A newer build wrote it.</exception>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, uint segment, string path, out long createdUnixNs)
    {
        createdUnixNs = 0;
        if (header.Length < HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(header[28..]) != Crc32C.Compute(0, header[..28]))
        {
            return false;
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (version > Version)
        {
            throw new JournalException($"Journal segment '{path}' has format version {version}; this build reads up to {Version}.", JournalAppendStatus.Closed);
        }

        createdUnixNs = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) == segment;
    }

    public static int RecordBytes(in JournalEntry entry) => RecordHeaderBytes + entry.DeviceId.Length + entry.Payload.Length;

    /// <summary>Writes a record whose CRC is still missing: the segment is known only when it is written.</summary>
    public static void WriteRecord(Span<byte> record, in JournalEntry entry)
    {
        WriteRecordHeader(record, ChunkKind, (byte)entry.DeviceId.Length, entry.Payload.Length, entry.Transport);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], entry.IngestUnixNs);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], entry.DeviceStartUnixNs);
        BinaryPrimitives.WriteInt64LittleEndian(record[32..], entry.DeviceEndUnixNs);
        Encoding.ASCII.GetBytes(entry.DeviceId, record[RecordHeaderBytes..]);
        entry.Payload.Span.CopyTo(record[(RecordHeaderBytes + entry.DeviceId.Length)..]);
    }

    public static void WriteFooter(Span<byte> record, uint segment, in SegmentRange range)
    {
        WriteRecordHeader(record, FooterKind, 0, FooterPayloadBytes, JournalTransport.Unknown);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], range.IngestMaxUnixNs);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], range.DeviceMinUnixNs);
        BinaryPrimitives.WriteInt64LittleEndian(record[32..], range.DeviceMaxUnixNs);
        BinaryPrimitives.WriteInt64LittleEndian(record[40..], range.IngestMinUnixNs);
        BinaryPrimitives.WriteInt64LittleEndian(record[48..], range.Records);
        Seal(record[..FooterBytes], segment);
    }

    /// <summary>Puts the CRC in; <paramref name="record"/> is exactly one record.</summary>
    public static void Seal(Span<byte> record, uint segment) =>
        BinaryPrimitives.WriteUInt32LittleEndian(record, Crc32C.Compute(segment, record[4..]));

    /// <returns>Bytes of the whole record, or 0 when this cannot be the head of one.</returns>
    public static int PlausibleLength(ReadOnlySpan<byte> head)
    {
        if (head.Length < RecordHeaderBytes || BinaryPrimitives.ReadUInt16LittleEndian(head[MagicOffset..]) != RecordMagic)
        {
            return 0;
        }

        var kind = head[6];
        var idBytes = head[7];
        var payloadBytes = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        var plausible = kind switch
        {
            ChunkKind => idBytes is > 0 and <= JournalEntry.MaxDeviceIdBytes && payloadBytes is > 0 and <= JournalEntry.MaxPayloadBytes,
            FooterKind => idBytes == 0 && payloadBytes == FooterPayloadBytes,
            _ => false,
        };
        return plausible ? RecordHeaderBytes + idBytes + (int)payloadBytes : 0;
    }

    public static bool IsSealed(ReadOnlySpan<byte> record, uint segment) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record) == Crc32C.Compute(segment, record[4..]);

    public static JournalRecord ReadRecord(ReadOnlyMemory<byte> record, JournalPosition position)
    {
        var head = record.Span;
        int idBytes = head[7];
        return new JournalRecord(
            position,
            (JournalTransport)head[12],
            BinaryPrimitives.ReadInt64LittleEndian(head[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[32..]),
            record.Slice(RecordHeaderBytes, idBytes),
            record[(RecordHeaderBytes + idBytes)..]);
    }

    public static SegmentRange ReadFooter(ReadOnlySpan<byte> record) => new()
    {
        IngestMaxUnixNs = BinaryPrimitives.ReadInt64LittleEndian(record[16..]),
        DeviceMinUnixNs = BinaryPrimitives.ReadInt64LittleEndian(record[24..]),
        DeviceMaxUnixNs = BinaryPrimitives.ReadInt64LittleEndian(record[32..]),
        IngestMinUnixNs = BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
        Records = BinaryPrimitives.ReadInt64LittleEndian(record[48..]),
    };

    private static void WriteRecordHeader(Span<byte> record, byte kind, byte idBytes, int payloadBytes, JournalTransport transport)
    {
        record[..RecordHeaderBytes].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(record[MagicOffset..], RecordMagic);
        record[6] = kind;
        record[7] = idBytes;
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], payloadBytes);
        record[12] = (byte)transport;
    }
}
