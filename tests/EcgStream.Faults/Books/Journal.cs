using System.Buffers.Binary;
using System.Security.Cryptography;
using EcgStream.Daemon.Journal;
using EcgStream.Protocol.V1;

namespace EcgStream.Faults.Books;

/// <summary>The journal's files as they lie on the disk, read without a daemon.</summary>
internal static class Journal
{
    /// <summary>Every whole record, oldest first.</summary>
    /// <param name="folder">Of the segments; no daemon may write it.</param>
    public static List<JournaledChunk> Read(string folder)
    {
        var chunks = new List<JournaledChunk>();
        foreach (var number in SegmentCatalog.Find(folder))
        {
            var path = SegmentCatalog.PathOf(folder, number);
            using var cursor = new SegmentCursor(path, number);
            while (cursor.TryRead(cursor.FileBytes, out var record))
            {
                var chunk = SampleChunk.Parser.ParseFrom(record.Payload.Span);
                var start = (long)record.Position.Offset;
                chunks.Add(new JournaledChunk(
                    new ChunkName(record.GetDeviceId(), chunk.SessionId, chunk.Sequence), Digest(record.Payload.Span), record.IngestUnixNs, path, start, (int)(cursor.Offset - start)));
            }
        }

        return chunks;
    }

    public static UInt128 Digest(ReadOnlySpan<byte> payload) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(payload));
}

internal readonly record struct ChunkName(string Device, ulong Session, ulong Sequence);

/// <summary>A chunk in the journal, and where it lies.</summary>
internal sealed record JournaledChunk(ChunkName Name, UInt128 Digest, long IngestUnixNs, string Path, long Offset, int Bytes);
