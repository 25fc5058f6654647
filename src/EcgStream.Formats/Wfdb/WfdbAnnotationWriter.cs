using System.Buffers.Binary;
using System.Text;

namespace EcgStream.Formats.Wfdb;

/// <summary>Writes annotation files in the MIT format.</summary>
public static class WfdbAnnotationWriter
{
    private const int MaxTextBytes = 255;

    public static void Write(string path, IReadOnlyList<WfdbAnnotation> annotations)
    {
        using FileStream stream = File.Create(path);
        Write(stream, annotations);
    }

    /// <summary>Writes annotations, which must stand in time order.</summary>
    public static void Write(Stream stream, IReadOnlyList<WfdbAnnotation> annotations)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(annotations);
        long time = 0;
        sbyte number = 0;
        byte channel = 0;
        foreach (WfdbAnnotation annotation in annotations)
        {
            if (annotation.SampleIndex < time || (int)annotation.Code is < 0 or > WfdbAnnotationCodes.Max)
            {
                throw new ArgumentException($"{annotation} is out of order or has no code", nameof(annotations));
            }

            long interval = annotation.SampleIndex - time;
            for (; interval > int.MaxValue; interval -= int.MaxValue)
            {
                WriteSkip(stream, int.MaxValue);
            }

            if (interval > WfdbAnnotationReader.IntervalMask)
            {
                WriteSkip(stream, (int)interval);
                interval = 0;
            }

            // Code 0 with interval 0 would read as the end of the file: one step back and one forth says the same.
            if (interval == 0 && annotation.Code == WfdbAnnotationCode.NotQrs)
            {
                WriteSkip(stream, -1);
                interval = 1;
            }

            WriteWord(stream, (int)annotation.Code, (int)interval);
            if (annotation.SubType != 0)
            {
                WriteWord(stream, WfdbAnnotationReader.Sub, unchecked((byte)annotation.SubType));
            }

            if (annotation.Channel != channel)
            {
                WriteWord(stream, WfdbAnnotationReader.Chn, annotation.Channel);
            }

            if (annotation.Number != number)
            {
                WriteWord(stream, WfdbAnnotationReader.Num, unchecked((byte)annotation.Number));
            }

            WriteText(stream, annotation.Auxiliary);
            (time, channel, number) = (annotation.SampleIndex, annotation.Channel, annotation.Number);
        }

        WriteWord(stream, 0, 0);
    }

    private static void WriteSkip(Stream stream, int interval)
    {
        WriteWord(stream, WfdbAnnotationReader.Skip, 0);
        WriteHalf(stream, unchecked((ushort)(interval >> 16)));
        WriteHalf(stream, unchecked((ushort)interval));
    }

    private static void WriteText(Stream stream, string? text)
    {
        if (text is null)
        {
            return;
        }

        byte[] bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length > MaxTextBytes)
        {
            throw new ArgumentException($"an annotation's text has {bytes.Length} bytes, the limit is {MaxTextBytes}", nameof(text));
        }

        WriteWord(stream, WfdbAnnotationReader.Aux, bytes.Length);
        stream.Write(bytes);
        if ((bytes.Length & 1) == 1)
        {
            stream.WriteByte(0);
        }
    }

    private static void WriteWord(Stream stream, int code, int interval) =>
        WriteHalf(stream, (ushort)((code << WfdbAnnotationReader.IntervalBits) | interval));

    private static void WriteHalf(Stream stream, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
