namespace EcgStream.Formats.Wfdb;

/// <summary>
/// Reads a record in several segments: of fixed layout, where all have the same signals, or of variable layout, where a first segment without samples lists the
/// signals and each other has some of them. Gaps, and signals that a segment lacks, are missing samples.
/// </summary>
internal static class WfdbSegments
{
    /// <exception cref="RecordingFormatException">A segment cannot be read, or does not fit the record.</exception>
    public static DigitalSignal[] Read(string headerPath, WfdbHeader header, RecordingDefaults defaults, List<string> notes)
    {
        string folder = Path.GetDirectoryName(headerPath) ?? "";
        DigitalSignal[]? layout = null;
        List<(long Start, DigitalSignal[] Signals)> parts = [];
        long total = 0;
        long gaps = 0;
        bool variable = header.Segments[0] is { SampleCount: 0, IsGap: false };
        HashSet<string> partNotes = [];
        foreach (WfdbSegment segment in header.Segments)
        {
            if (segment.IsGap)
            {
                gaps += segment.SampleCount;
                total += segment.SampleCount;
                continue;
            }

            string path = Path.Combine(folder, segment.Name + WfdbRecordingReader.HeaderExtension);
            WfdbHeader own = WfdbHeaderReader.Read(path, defaults.Limits);
            if (variable && layout is null)
            {
                layout = [.. own.Signals.Select(Empty)];
                continue;
            }

            List<string> segmentNotes = [];
            DigitalSignal[] signals = ReadSegment(path, segment, own, header, defaults, segmentNotes);
            partNotes.UnionWith(segmentNotes);
            layout ??= [.. signals.Select(signal => signal with { Samples = [] })];
            parts.Add((total, signals));
            total += segment.SampleCount;
            if (total > defaults.Limits.MaxValues / layout.Length)
            {
                throw Fault(headerPath, RecordingFault.LimitExceeded, $"{layout.Length} x {total} samples, the limit is {defaults.Limits.MaxValues}");
            }
        }

        if (layout is null || parts.Count == 0)
        {
            throw Fault(headerPath, RecordingFault.Truncated, "all its segments are gaps");
        }

        if (total > defaults.Limits.MaxValues / layout.Length)
        {
            throw Fault(headerPath, RecordingFault.LimitExceeded, $"{layout.Length} x {total} samples, the limit is {defaults.Limits.MaxValues}");
        }

        notes.AddRange(partNotes);
        notes.Add(FormattableString.Invariant($"{parts.Count} segments, {gaps / header.SampleRateHz:0.###} s of gaps between them"));
        return [.. Enumerable.Range(0, layout.Length).Select(i => Join(headerPath, layout[i], i, total, parts, variable))];
    }

    private static DigitalSignal[] ReadSegment(
        string path, WfdbSegment segment, WfdbHeader own, WfdbHeader record, RecordingDefaults defaults, List<string> notes)
    {
        if (own.SampleRateHz != record.SampleRateHz)
        {
            throw Fault(path, RecordingFault.SampleRate, FormattableString.Invariant($"{own.SampleRateHz} Hz, the record has {record.SampleRateHz} Hz"));
        }

        DigitalSignal[] signals = WfdbRecordingReader.ReadSignals(path, own, defaults, notes);
        long samples = signals[0].Samples.Length / signals[0].SamplesPerFrame;
        return samples == segment.SampleCount ? signals : throw Fault(
            path, RecordingFault.Shape, $"{samples} samples per signal, the record's header says {segment.SampleCount}");
    }

    private static DigitalSignal Join(
        string headerPath, DigitalSignal layout, int index, long total, List<(long Start, DigitalSignal[] Signals)> parts, bool variable)
    {
        List<(long Start, DigitalSignal Signal)> pieces = [];
        foreach ((long start, DigitalSignal[] signals) in parts)
        {
            DigitalSignal? piece = variable ? signals.FirstOrDefault(signal => signal.Name == layout.Name) : signals.ElementAtOrDefault(index);
            if (piece is not null)
            {
                pieces.Add((start, piece));
            }
        }

        if (pieces.Count == 0)
        {
            return layout with { Problem = layout.Problem ?? "no segment holds it" };
        }

        int perFrame = pieces.Max(piece => piece.Signal.SamplesPerFrame);
        if (pieces.Any(piece => piece.Signal.SamplesPerFrame != perFrame))
        {
            throw Fault(headerPath, RecordingFault.Shape, $"signal '{layout.Name}' has another number of samples per frame in one segment than in another");
        }

        // The coarsest scale of all holds each segment's range best.
        LeadScale scale = pieces.MaxBy(piece => piece.Signal.Scale.GainMicrovoltsPerLsb).Signal.Scale;
        short[]? samples = null;
        while ((samples = TryJoin(total * perFrame, perFrame, pieces, scale)) is null)
        {
            scale = new LeadScale(2 * scale.GainMicrovoltsPerLsb, scale.BaselineLsb / 2);
        }

        (long startOfMarked, DigitalSignal marked) = pieces.FirstOrDefault(piece => piece.Signal.MarkedMissing > 0, pieces[0]);
        return layout with
        {
            Samples = samples,
            Scale = scale,
            SamplesPerFrame = perFrame,
            Problem = pieces[0].Signal.Problem,
            MarkedMissing = pieces.Sum(piece => piece.Signal.MarkedMissing),
            FirstMissing = (int)(startOfMarked * perFrame) + marked.FirstMissing,
            Damage = pieces.Select(piece => piece.Signal.Damage).FirstOrDefault(damage => damage is not null),
        };
    }

    private static short[]? TryJoin(long length, int perFrame, List<(long Start, DigitalSignal Signal)> pieces, LeadScale scale)
    {
        short[] samples = new short[length];
        samples.AsSpan().Fill(Recording.MissingSampleLsb);
        foreach ((long start, DigitalSignal signal) in pieces)
        {
            Span<short> to = samples.AsSpan((int)(start * perFrame), signal.Samples.Length);
            signal.Samples.CopyTo(to);
            for (int i = 0; signal.Scale != scale && i < to.Length; i++)
            {
                if (to[i] != Recording.MissingSampleLsb)
                {
                    double value = Math.Round(((to[i] - (double)signal.Scale.BaselineLsb) * signal.Scale.GainMicrovoltsPerLsb / scale.GainMicrovoltsPerLsb) + scale.BaselineLsb);
                    if (Math.Abs(value) > short.MaxValue)
                    {
                        return null;
                    }

                    to[i] = (short)value;
                }
            }
        }

        return samples;
    }

    private static DigitalSignal Empty(WfdbSignalSpec spec) => new() { Name = spec.Description, Samples = [], Scale = new LeadScale(1, 0), SamplesPerFrame = spec.SamplesPerFrame };

    private static RecordingFormatException Fault(string path, RecordingFault fault, string problem) => new(fault, path, "", problem);
}
