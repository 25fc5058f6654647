using System.Buffers;
using System.Collections.Immutable;

namespace EcgStream.Formats.Wfdb;

/// <summary>Reads a WFDB record: the header and the signal files beside it.</summary>
public static class WfdbRecordReader
{
    // A multiple of 3 bytes and of 2 samples, so that a chunk of format 212 starts at a pair.
    private const int ChunkSamples = 32 * 1024;

    /// <summary>Reads a record by the path of its header and checks every checksum that the header states.</summary>
    /// <exception cref="RecordingFormatException">A file is unreadable, damaged or too large, or differs from its checksum.</exception>
    public static WfdbRecord Read(string headerPath, RecordingLimits? limits = null)
    {
        limits ??= RecordingLimits.Standard;
        WfdbHeader header = WfdbHeaderReader.Read(headerPath, limits);
        string folder = Path.GetDirectoryName(headerPath) ?? "";
        short[][] samples = new short[header.Signals.Length][];
        ImmutableArray<string>.Builder notes = ImmutableArray.CreateBuilder<string>();
        for (int first = 0; first < samples.Length;)
        {
            // Signals of one file stand together in the header and are interleaved in the file.
            string fileName = header.Signals[first].FileName;
            int end = first + 1;
            while (end < samples.Length && header.Signals[end].FileName == fileName)
            {
                end++;
            }

            for (int i = end; i < samples.Length; i++)
            {
                if (header.Signals[i].FileName == fileName)
                {
                    throw Fault(headerPath, RecordingFault.Malformed, $"signal {i}", $"the signals of {fileName} do not stand together");
                }
            }

            string path = Path.Combine(folder, fileName);
            int from = first;
            SourceFile.Guard(path, () => ReadGroup(headerPath, path, header, limits, from, end, samples, notes));
            first = end;
        }

        for (int i = 0; i < samples.Length; i++)
        {
            if (samples[i].Length != samples[0].Length)
            {
                throw Fault(
                    headerPath, RecordingFault.Shape, $"signal {i}", $"{samples[i].Length} samples, the first signal has {samples[0].Length}");
            }

            CheckSamples(headerPath, i, header.Signals[i], samples[i], notes);
        }

        return new WfdbRecord(headerPath, header, samples, notes.ToImmutable());
    }

    private static bool ReadGroup(
        string headerPath,
        string path,
        WfdbHeader header,
        RecordingLimits limits,
        int first,
        int end,
        short[][] samples,
        ImmutableArray<string>.Builder notes)
    {
        WfdbSignalSpec spec = header.Signals[first];
        for (int i = first + 1; i < end; i++)
        {
            if (header.Signals[i].Format != spec.Format || header.Signals[i].ByteOffset != spec.ByteOffset)
            {
                throw Fault(
                    headerPath,
                    RecordingFault.Malformed,
                    $"signal {i}",
                    $"another format or byte offset than the first signal of {spec.FileName}");
            }
        }

        int signals = end - first;
        using FileStream stream = SourceFile.Open(path);
        long available = stream.Length - spec.ByteOffset;
        long perSignal = header.SampleCount ?? SamplesIn(spec.Format, Math.Max(available, 0)) / signals;
        if (perSignal == 0)
        {
            throw Fault(path, RecordingFault.Truncated, "", "holds no sample");
        }

        if (perSignal > limits.MaxValues / header.Signals.Length)
        {
            throw Fault(
                headerPath,
                RecordingFault.LimitExceeded,
                "line 1",
                $"{header.Signals.Length} x {perSignal} samples, the limit is {limits.MaxValues}");
        }

        long needed = WfdbSignalCodec.ByteCount(spec.Format, perSignal * signals);
        if (available < needed)
        {
            throw Fault(
                path,
                RecordingFault.Truncated,
                $"byte offset {stream.Length}",
                $"{signals} x {perSignal} samples in format {(int)spec.Format} from byte {spec.ByteOffset} need {needed} bytes, "
                + $"{Math.Max(available, 0)} are there");
        }

        if (available - needed > 2)
        {
            notes.Add($"{spec.FileName} holds {available - needed} bytes after the announced samples");
        }

        for (int i = first; i < end; i++)
        {
            samples[i] = new short[perSignal];
        }

        stream.Position = spec.ByteOffset;
        Deinterleave(stream, spec.Format, samples.AsSpan(first, signals));
        return true;
    }

    private static long SamplesIn(WfdbSignalFormat format, long bytes) => format switch
    {
        WfdbSignalFormat.Format16 => bytes / 2,
        WfdbSignalFormat.Format212 => bytes * 2 / 3,
        _ => bytes,
    };

    private static void Deinterleave(FileStream stream, WfdbSignalFormat format, Span<short[]> samples)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(2 * ChunkSamples);
        short[] chunk = ArrayPool<short>.Shared.Rent(ChunkSamples);
        try
        {
            long left = (long)samples.Length * samples[0].Length;
            int signal = 0;
            int index = 0;
            while (left > 0)
            {
                int now = (int)Math.Min(left, ChunkSamples);
                int byteCount = (int)WfdbSignalCodec.ByteCount(format, now);
                stream.ReadExactly(bytes, 0, byteCount);
                WfdbSignalCodec.Decode(format, bytes.AsSpan(0, byteCount), chunk.AsSpan(0, now));
                for (int i = 0; i < now; i++)
                {
                    samples[signal][index] = chunk[i];
                    if (++signal == samples.Length)
                    {
                        signal = 0;
                        index++;
                    }
                }

                left -= now;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<short>.Shared.Return(chunk);
        }
    }

    private static void CheckSamples(string headerPath, int signal, WfdbSignalSpec spec, short[] samples, ImmutableArray<string>.Builder notes)
    {
        int sum = Checksum(samples);
        bool verified = false;
        if (spec.Checksum is { } stated)
        {
            // Writers that do not compute the checksum leave 0 in its place (CinC 2017 does), which proves nothing.
            verified = ((stated - sum) & 0xFFFF) == 0;
            if (!verified && stated != 0)
            {
                throw Fault(
                    headerPath,
                    RecordingFault.Checksum,
                    $"signal {signal} in {spec.FileName}",
                    $"the samples sum up to {(short)sum}, the header states {(short)stated} (modulo 65536)");
            }

            if (!verified)
            {
                notes.Add($"signal {signal}: the header states no checksum");
            }
        }

        if (spec.InitialValue is { } initial && initial != samples[0])
        {
            notes.Add($"signal {signal}: the first sample is {samples[0]}, the header states {initial}{(verified ? "; the checksum is right" : "")}");
        }
    }

    /// <summary>Sum of the samples modulo 2^16, as WFDB headers state it.</summary>
    internal static int Checksum(ReadOnlySpan<short> samples)
    {
        int sum = 0;
        foreach (short sample in samples)
        {
            sum = unchecked(sum + sample);
        }

        return sum & 0xFFFF;
    }

    private static RecordingFormatException Fault(string path, RecordingFault fault, string place, string problem) =>
        new(fault, path, place, problem);
}
