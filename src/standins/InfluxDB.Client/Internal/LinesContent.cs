using System.Buffers;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace InfluxDB.Client.Internal;

/// <summary>The body of a write: lines in UTF-8, each with a line feed, gzipped where asked. Made whole beforehand, so that its length is known.</summary>
internal sealed class LinesContent : ByteArrayContent
{
    private LinesContent(byte[] bytes, int count, bool gzip)
        : base(bytes, 0, count)
    {
        Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
        Headers.ContentEncoding.Add(gzip ? "gzip" : "identity");
    }

    /// <returns>Null when every line is empty.</returns>
    public static LinesContent? Of(IEnumerable<string> lines, bool gzip)
    {
        var bytes = new MemoryStream();
        var target = gzip ? new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true) : (Stream)bytes;
        var any = false;
        foreach (var line in lines)
        {
            if (!string.IsNullOrEmpty(line))
            {
                Write(line, target);
                any = true;
            }
        }

        if (gzip)
        {
            target.Dispose(); // writes the end of the gzip stream; the bytes stay
        }

        return any ? new LinesContent(bytes.GetBuffer(), (int)bytes.Length, gzip) : null;
    }

    private static void Write(string line, Stream target)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(line.Length) + 1);
        try
        {
            var count = Encoding.UTF8.GetBytes(line, buffer);
            buffer[count++] = (byte)'\n';
            target.Write(buffer, 0, count);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
