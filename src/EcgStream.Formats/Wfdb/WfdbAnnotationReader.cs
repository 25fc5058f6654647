using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace EcgStream.Formats.Wfdb;

/// <summary>
/// Reads annotation files in the MIT format: little-endian words with a code in the upper 6 bits and an interval in the lower 10.
/// Codes above 49 carry no annotation of their own: SKIP (a 32-bit interval, upper half first), NUM and CHN (kept until changed),
/// SUB (this annotation only), AUX (text). A zero word ends the file.
/// </summary>
public static class WfdbAnnotationReader
{
    internal const int Skip = 59;
    internal const int Num = 60;
    internal const int Sub = 61;
    internal const int Chn = 62;
    internal const int Aux = 63;
    internal const int IntervalBits = 10;
    internal const int IntervalMask = (1 << IntervalBits) - 1;

    private const string TimeResolutionMark = "## time resolution: ";

    /// <exception cref="RecordingFormatException">The file cannot be read or is damaged.</exception>
    public static ImmutableArray<WfdbAnnotation> Read(string path, RecordingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        int maxBytes = (limits ?? RecordingLimits.Standard).MaxAnnotationBytes;
        return SourceFile.Guard(path, () => Parse(path, SourceFile.ReadAll(path, maxBytes)));
    }

    /// <summary>The sample rate that newer files state in a comment at their start; null where none does.</summary>
    public static double? TimeResolutionHz(ImmutableArray<WfdbAnnotation> annotations)
    {
        foreach (WfdbAnnotation annotation in annotations)
        {
            if (annotation.SampleIndex != 0)
            {
                break;
            }

            if (annotation is { Code: WfdbAnnotationCode.Comment, Auxiliary: { } text }
                && text.StartsWith(TimeResolutionMark, StringComparison.Ordinal)
                && InvariantNumber.TryDouble(text.AsSpan(TimeResolutionMark.Length), out double hz))
            {
                return hz;
            }
        }

        return null;
    }

    internal static ImmutableArray<WfdbAnnotation> Parse(string path, ReadOnlySpan<byte> bytes)
    {
        ImmutableArray<WfdbAnnotation>.Builder annotations = ImmutableArray.CreateBuilder<WfdbAnnotation>();
        long time = 0;
        sbyte number = 0;
        byte channel = 0;
        int position = 0;
        while (true)
        {
            int at = position;
            int word = Word(path, bytes, ref position);
            int code = word >> IntervalBits;
            int interval = word & IntervalMask;
            if (word == 0)
            {
                return annotations.ToImmutable();
            }

            // Number, channel, subtype and text follow the annotation that they belong to.
            switch (code)
            {
                case Skip:
                    time += (Word(path, bytes, ref position) << 16) | Word(path, bytes, ref position);
                    continue;
                case Num:
                    number = unchecked((sbyte)interval);
                    Amend(path, annotations, at, a => a with { Number = number });
                    continue;
                case Sub:
                    Amend(path, annotations, at, a => a with { SubType = unchecked((sbyte)interval) });
                    continue;
                case Chn:
                    channel = unchecked((byte)interval);
                    Amend(path, annotations, at, a => a with { Channel = channel });
                    continue;
                case Aux:
                    string text = Text(path, bytes, ref position, interval);
                    Amend(path, annotations, at, a => a with { Auxiliary = text });
                    continue;
                case > WfdbAnnotationCodes.Max:
                    throw Fault(path, at, RecordingFault.Malformed, $"annotation code {code} is not defined");
            }

            time += interval;
            if (time < 0)
            {
                throw Fault(path, at, RecordingFault.Malformed, $"an annotation at sample {time}");
            }

            annotations.Add(new WfdbAnnotation(time, (WfdbAnnotationCode)code, 0, channel, number));
        }
    }

    private static void Amend(
        string path, ImmutableArray<WfdbAnnotation>.Builder annotations, int at, Func<WfdbAnnotation, WfdbAnnotation> change)
    {
        if (annotations.Count == 0)
        {
            throw Fault(path, at, RecordingFault.Malformed, "a field of an annotation before the first annotation");
        }

        annotations[^1] = change(annotations[^1]);
    }

    private static int Word(string path, ReadOnlySpan<byte> bytes, ref int position)
    {
        if (bytes.Length - position < 2)
        {
            throw Fault(path, position, RecordingFault.Truncated, "the annotations have no end mark");
        }

        position += 2;
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes[(position - 2)..]);
    }

    private static string Text(string path, ReadOnlySpan<byte> bytes, ref int position, int count)
    {
        int padded = count + (count & 1);
        if (bytes.Length - position < padded)
        {
            throw Fault(path, position, RecordingFault.Truncated, $"a text of {count} bytes announced, {bytes.Length - position} are left");
        }

        ReadOnlySpan<byte> text = bytes.Slice(position, count);
        position += padded;

        // Some annotators count a closing NUL in.
        return Encoding.Latin1.GetString(text.TrimEnd((byte)0));
    }

    private static RecordingFormatException Fault(string path, int offset, RecordingFault fault, string problem) =>
        new(fault, path, $"byte offset {offset}", problem);
}
