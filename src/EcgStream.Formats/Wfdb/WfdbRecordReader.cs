namespace EcgStream.Formats.Wfdb;

/// <summary>Reads a WFDB record of one segment: the header and the signal files beside it.</summary>
public static class WfdbRecordReader
{
    /// <summary>Reads a record by the path of its header and checks every checksum that the header states.</summary>
    /// <exception cref="RecordingFormatException">A file is unreadable, damaged or too large, or differs from its checksum.</exception>
    public static WfdbRecord Read(string headerPath, RecordingLimits? limits = null)
    {
        limits ??= RecordingLimits.Standard;
        WfdbRecord record = Read(headerPath, WfdbHeaderReader.Read(headerPath, limits), limits, MissingSamplePolicy.Refuse);
        foreach (WfdbSignal signal in record.Signals)
        {
            if (signal.Damage is { } damage)
            {
                throw damage;
            }
        }

        return record;
    }

    /// <summary>Reads a record; a checksum that differs is told with its signal, for that one may be left out.</summary>
    internal static WfdbRecord Read(string headerPath, WfdbHeader header, RecordingLimits limits, MissingSamplePolicy policy)
    {
        if (!header.Segments.IsEmpty)
        {
            throw Fault(headerPath, RecordingFault.Unsupported, "line 1", "a record of several segments where one is expected");
        }

        string folder = Path.GetDirectoryName(headerPath) ?? "";
        WfdbSignal[] signals = new WfdbSignal[header.Signals.Length];
        List<string> notes = [.. header.Notes];
        for (int first = 0; first < signals.Length;)
        {
            // Signals of one file stand together in the header and are interleaved in the file.
            string fileName = header.Signals[first].FileName;
            int end = first + 1;
            while (end < signals.Length && header.Signals[end].FileName == fileName)
            {
                end++;
            }

            for (int i = end; i < signals.Length; i++)
            {
                if (header.Signals[i].FileName == fileName)
                {
                    throw Fault(headerPath, RecordingFault.Malformed, $"signal {i + 1}", $"the signals of {fileName} do not stand together");
                }
            }

            if (fileName == "~")
            {
                throw Fault(headerPath, RecordingFault.Unsupported, $"signal {first + 1}", "a layout header, which holds no samples; read the record that it belongs to");
            }

            WfdbSignalGroup group = new(headerPath, Path.Combine(folder, fileName), header, first, end, limits, policy);
            SourceFile.Guard(group.Path, () => group.Read(signals, notes));
            first = end;
        }

        CheckLengths(headerPath, header, signals);
        return new WfdbRecord(headerPath, header, signals, [.. notes]);
    }

    private static void CheckLengths(string headerPath, WfdbHeader header, WfdbSignal[] signals)
    {
        long frames = signals[0].Samples.Length / header.Signals[0].SamplesPerFrame;
        for (int i = 0; i < signals.Length; i++)
        {
            if (signals[i].Samples.Length != frames * header.Signals[i].SamplesPerFrame)
            {
                throw Fault(
                    headerPath, RecordingFault.Shape, $"signal {i + 1}", $"{signals[i].Samples.Length} samples, the first signal has {signals[0].Samples.Length}");
            }
        }
    }

    private static RecordingFormatException Fault(string path, RecordingFault fault, string place, string problem) => new(fault, path, place, problem);
}
