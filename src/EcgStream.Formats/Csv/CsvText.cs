using System.Text;

namespace EcgStream.Formats.Csv;

/// <summary>Opens CSV files and quotes fields.</summary>
internal static class CsvText
{
    public static CsvRowReader Open(string path, RecordingLimits limits, char separator = ',')
    {
        StreamReader reader = new(SourceFile.Open(path), Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        return new CsvRowReader(reader, path, limits.MaxRowCharacters, separator);
    }

    /// <summary>The field as it must stand in a row.</summary>
    public static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n\t") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The start of a text from a file, for a refusal.</summary>
    public static string Excerpt(ReadOnlySpan<char> text) => text.Length > 40 ? $"{text[..40]}…" : text.ToString();
}
