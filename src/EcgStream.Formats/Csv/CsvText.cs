using System.Text;

namespace EcgStream.Formats.Csv;

/// <summary>Opens text files of any usual encoding, and quotes fields.</summary>
internal static class CsvText
{
    private const int SampleBytes = 8192;

    public static CsvRowReader Open(string path, RecordingLimits limits, char separator = ',') =>
        new(OpenText(path), path, limits.MaxRowCharacters, separator);

    /// <summary>By its byte order mark; without one UTF-16 by its zero bytes, UTF-8 where the bytes are that, else Latin-1.</summary>
    public static StreamReader OpenText(string path)
    {
        FileStream stream = SourceFile.Open(path);
        try
        {
            byte[] sample = new byte[SampleBytes];
            int length = stream.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            return new StreamReader(stream, Guess(sample.AsSpan(0, length)), detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The field as it must stand in a row.</summary>
    public static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n\t") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The start of a text from a file, for a refusal.</summary>
    public static string Excerpt(ReadOnlySpan<char> text) => text.Length > 40 ? $"{text[..40]}…" : text.ToString();

    private static Encoding Guess(ReadOnlySpan<byte> bytes)
    {
        int even = 0;
        int odd = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            even += bytes[i] == 0 && (i & 1) == 0 ? 1 : 0;
            odd += bytes[i] == 0 && (i & 1) == 1 ? 1 : 0;
        }

        // Numbers and Latin letters have a zero in every other byte.
        if (Math.Max(even, odd) > bytes.Length / 4)
        {
            return odd > even ? Encoding.Unicode : Encoding.BigEndianUnicode;
        }

        // The sample may end inside a character.
        for (int cut = 0; cut < 4 && cut <= bytes.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(bytes[..^cut]))
            {
                return Encoding.UTF8;
            }
        }

        return Encoding.Latin1;
    }
}
