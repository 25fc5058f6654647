using System.Buffers;

namespace EcgStream.Formats.Wfdb;

/// <summary>The signals that share one signal file, interleaved in it.</summary>
internal sealed class WfdbSignalGroup(
    string headerPath, string path, WfdbHeader header, int first, int end, RecordingLimits limits, MissingSamplePolicy policy)
{
    // A multiple of 2 and 3 samples, so that a chunk of every packed format starts at a whole group.
    private const int ChunkSamples = 30 * 1024;

    private readonly WfdbSignalSpec _spec = header.Signals[first];

    public string Path => path;

    /// <summary>Reads the file into <paramref name="signals"/> at the group's places.</summary>
    /// <returns>True.</returns>
    public bool Read(WfdbSignal[] signals, List<string> notes)
    {
        for (int i = first + 1; i < end; i++)
        {
            // The byte offset is that of the group; the lines after its first often leave it out.
            if (header.Signals[i].Format != _spec.Format || (header.Signals[i].ByteOffset != 0 && header.Signals[i].ByteOffset != _spec.ByteOffset))
            {
                throw Fault(headerPath, RecordingFault.Malformed, $"signal {i + 1}", $"another format or byte offset than the first signal of {_spec.FileName}");
            }
        }

        using FileStream stream = SourceFile.Open(path);
        long available = Math.Max(0, stream.Length - _spec.ByteOffset);
        int unlisted = Unlisted(available, notes);
        int frameSamples = unlisted + Enumerable.Range(first, end - first).Sum(i => header.Signals[i].SamplesPerFrame);
        long frames = header.SampleCount ?? WfdbSignalCodec.SamplesIn(_spec.Format, available) / frameSamples;
        if (frames == 0)
        {
            throw Fault(path, RecordingFault.Truncated, "", "holds no sample");
        }

        if (frames > limits.MaxValues / (frameSamples * (long)Math.Max(1, header.Signals.Length)))
        {
            throw Fault(
                headerPath, RecordingFault.LimitExceeded, "line 1", $"{header.Signals.Length} x {frames} samples, the limit is {limits.MaxValues}");
        }

        long there = Present(stream.Length, available, frames, frameSamples, notes);
        int[][] samples = new int[end - first][];
        for (int i = first; i < end; i++)
        {
            samples[i - first] = new int[frames * header.Signals[i].SamplesPerFrame];
            samples[i - first].AsSpan((int)there * header.Signals[i].SamplesPerFrame).Fill(WfdbSignalCodec.Missing(_spec.Format) ?? 0);
        }

        stream.Position = _spec.ByteOffset;
        Deinterleave(stream, samples, unlisted, there);
        int latest = header.Signals.Max(signal => signal.SkewFrames);
        for (int i = first; i < end; i++)
        {
            RecordingFormatException? damage = there < frames ? null : Check(i, samples[i - first], notes);
            signals[i] = Narrow(Shift(samples[i - first], header.Signals[i], latest, notes), damage);
        }

        return true;
    }

    /// <summary>Signals in the file of which the header has no line: told from the file's length.</summary>
    private int Unlisted(long available, List<string> notes)
    {
        int missing = header.AnnouncedSignals - header.Signals.Length;
        if (missing <= 0)
        {
            return 0;
        }

        int listed = Enumerable.Range(first, end - first).Sum(i => header.Signals[i].SamplesPerFrame);
        bool Fits(int slots) => header.SampleCount is { } frames && Math.Abs(available - WfdbSignalCodec.ByteCount(_spec.Format, frames * slots)) <= 2;
        int unlisted = Fits(listed) ? 0 : end == header.Signals.Length && Fits(listed + missing) ? missing : throw Fault(
            headerPath,
            RecordingFault.Truncated,
            "line 1",
            $"{header.AnnouncedSignals} signals announced, {header.Signals.Length} described, and the {available} bytes of {_spec.FileName} fit neither");
        if (first == 0)
        {
            notes.Add($"{header.AnnouncedSignals} signals announced, {header.Signals.Length} described; only these were read");
        }

        return unlisted;
    }

    private long Present(long fileBytes, long available, long frames, int frameSamples, List<string> notes)
    {
        long needed = WfdbSignalCodec.ByteCount(_spec.Format, frames * frameSamples);
        if (available < needed)
        {
            long there = WfdbSignalCodec.SamplesIn(_spec.Format, available) / frameSamples;
            if (policy == MissingSamplePolicy.Refuse || there == 0)
            {
                throw Fault(
                    path,
                    RecordingFault.Truncated,
                    $"byte offset {fileBytes}",
                    $"{end - first} x {frames} samples in format {(int)_spec.Format} from byte {_spec.ByteOffset} need {needed} bytes, "
                    + $"{available} are there; --missing keep reads the {there} samples that are there");
            }

            notes.Add($"{_spec.FileName} ends after {there} of {frames} samples; the rest is missing");
            return there;
        }

        if (available - needed > 2)
        {
            notes.Add($"{_spec.FileName} holds {available - needed} bytes after the announced samples");
        }

        return frames;
    }

    private void Deinterleave(FileStream stream, int[][] samples, int unlisted, long frames)
    {
        // The signal of each place in a frame; −1 for those without a line in the header.
        int[] places = [.. Enumerable.Range(first, end - first).SelectMany(i => Enumerable.Repeat(i - first, header.Signals[i].SamplesPerFrame)), .. Enumerable.Repeat(-1, unlisted)];
        int[] index = new int[samples.Length];
        int[] sums = [.. Enumerable.Range(first, end - first).Select(i => header.Signals[i].InitialValue ?? 0)];
        bool differences = _spec.Format == WfdbSignalFormat.Format8;
        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)WfdbSignalCodec.ByteCount(_spec.Format, ChunkSamples));
        int[] chunk = ArrayPool<int>.Shared.Rent(ChunkSamples);
        try
        {
            int place = 0;
            for (long left = frames * places.Length; left > 0;)
            {
                int now = (int)Math.Min(left, ChunkSamples);
                int byteCount = (int)WfdbSignalCodec.ByteCount(_spec.Format, now);
                stream.ReadExactly(bytes, 0, byteCount);
                WfdbSignalCodec.Decode(_spec.Format, bytes.AsSpan(0, byteCount), chunk.AsSpan(0, now));
                foreach (int sample in chunk.AsSpan(0, now))
                {
                    if (places[place] is >= 0 and var signal)
                    {
                        samples[signal][index[signal]++] = differences ? unchecked(sums[signal] += sample) : sample;
                    }

                    place = place + 1 == places.Length ? 0 : place + 1;
                }

                left -= now;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<int>.Shared.Return(chunk);
        }
    }

    /// <summary>Holds a signal against what the header states of it.</summary>
    private RecordingFormatException? Check(int signal, ReadOnlySpan<int> samples, List<string> notes)
    {
        int sum = 0;
        foreach (int sample in samples)
        {
            sum = unchecked(sum + sample);
        }

        WfdbSignalSpec spec = header.Signals[signal];
        bool verified = spec.Checksum is { } stated && ((stated - sum) & 0xFFFF) == 0;
        RecordingFormatException? damage = null;
        if (spec.Checksum is { } other && !verified)
        {
            // Writers that do not compute the checksum leave 0 in its place (CinC 2017 does), which proves nothing.
            if (other == 0)
            {
                notes.Add($"signal {signal + 1}: the header states no checksum");
            }
            else
            {
                damage = Fault(
                    headerPath,
                    RecordingFault.Checksum,
                    $"signal {signal + 1} in {spec.FileName}",
                    $"the samples sum up to {(short)sum}, the header states {(short)other} (modulo 65536)");
            }
        }

        if (spec.InitialValue is { } initial && initial != samples[0] && spec.Format != WfdbSignalFormat.Format8)
        {
            notes.Add($"signal {signal + 1}: the first sample is {samples[0]}, the header states {initial}{(verified ? "; the checksum is right" : "")}");
        }

        return damage;
    }

    /// <summary>Brings signals that lie late in their file to the time of the others; what has no counterpart at the end is cut off.</summary>
    private int[] Shift(int[] samples, WfdbSignalSpec spec, int latest, List<string> notes)
    {
        if (latest == 0)
        {
            return samples;
        }

        long length = samples.Length - ((long)latest * spec.SamplesPerFrame);
        if (length <= 0)
        {
            throw Fault(headerPath, RecordingFault.Shape, "signal format", $"a skew of {latest} frames is longer than the record");
        }

        if (spec.SkewFrames > 0)
        {
            notes.Add($"signal '{spec.Description}' lies {spec.SkewFrames} samples late in its file and was brought forward");
        }

        return samples.AsSpan(spec.SkewFrames * spec.SamplesPerFrame, (int)length).ToArray();
    }

    /// <summary>To 16 bits: as they are where they fit, else in the finest power of two that holds them around their middle.</summary>
    private WfdbSignal Narrow(int[] samples, RecordingFormatException? damage)
    {
        int? mark = WfdbSignalCodec.Missing(_spec.Format);
        short[] narrow = new short[samples.Length];
        if (!WfdbSignalCodec.IsWide(_spec.Format))
        {
            for (int i = 0; i < narrow.Length; i++)
            {
                narrow[i] = (short)samples[i];
            }

            return new WfdbSignal(narrow, (short?)mark, 1, 0, damage);
        }

        long low = 0;
        long high = 0;
        bool any = false;
        foreach (int sample in samples)
        {
            if (sample != mark)
            {
                (low, high, any) = any ? (Math.Min(low, sample), Math.Max(high, sample), true) : (sample, sample, true);
            }
        }

        bool fits = low >= -short.MaxValue && high <= short.MaxValue;
        int offset = fits ? 0 : (int)((low + high) / 2);
        int shift = 0;
        while (!fits && ((high - offset + ((1L << shift) >> 1)) >> shift > short.MaxValue || (offset - low + ((1L << shift) >> 1)) >> shift > short.MaxValue))
        {
            shift++;
        }

        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = samples[i] == mark ? short.MinValue : (short)(((long)samples[i] - offset + ((1L << shift) >> 1)) >> shift);
        }

        return new WfdbSignal(narrow, mark is null ? null : short.MinValue, 1 << shift, offset, damage);
    }

    private static RecordingFormatException Fault(string path, RecordingFault fault, string place, string problem) => new(fault, path, place, problem);
}
