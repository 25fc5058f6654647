using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats.Wfdb;

/// <summary>Reads the ECG leads of a WFDB record; other signals are left out.</summary>
public static class WfdbRecordingReader
{
    public const string HeaderExtension = ".hea";
    public const string AnnotationExtension = ".atr";

    /// <summary>Reads a record by the path of its header, with NAME.atr beside it where there is one.</summary>
    /// <exception cref="RecordingFormatException">The record is unreadable, damaged, or no ECG under <paramref name="defaults"/>.</exception>
    public static Recording Read(string headerPath, RecordingDefaults defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        WfdbHeader header = WfdbHeaderReader.Read(headerPath, defaults.Limits);
        List<string> notes = [];
        DigitalSignal[] signals = header.Segments.IsEmpty
            ? ReadSignals(headerPath, header, defaults, notes)
            : WfdbSegments.Read(headerPath, header, defaults, notes);
        ImmutableArray<Lead> leads = SignalLeads.Resolve(headerPath, [.. signals.Select(signal => new SignalName(signal.Name, signal.Problem))], defaults.Leads, notes);
        (DigitalSignal Signal, Lead Lead)[] chosen = [.. signals.Zip(leads).Where(pair => pair.Second != Lead.None)];
        foreach ((DigitalSignal signal, Lead lead) in chosen)
        {
            Check(headerPath, signal, lead, defaults.MissingSamples);
        }

        int perFrame = chosen.Max(pair => pair.Signal.SamplesPerFrame);
        double rate = (header.StatesSampleRate ? header.SampleRateHz : defaults.SampleRateHz ?? header.SampleRateHz) * perFrame;
        RecordingRules.CheckSampleRate(rate, headerPath, "line 1, sampling frequency");
        RecordingInfo info = new()
        {
            Name = Path.GetFileNameWithoutExtension(headerPath),
            SourcePath = headerPath,
            Format = RecordingFormat.Wfdb,
            SampleRateHz = rate,
            Leads = [.. chosen.Select(pair => pair.Lead)],
            Comments = header.Comments,
        };
        info = defaults.ReadAnnotations ? WithAnnotations(info, headerPath, defaults.Limits, notes) : info;
        Recording recording = Recording.FromDigital(
            info, [.. chosen.Select(pair => Upsample(pair.Signal, pair.Lead, perFrame, notes))], [.. chosen.Select(pair => pair.Signal.Scale)]);
        AmplitudeCheck.Tell(recording, notes);
        if (recording.MissingSampleCount > 0)
        {
            notes.Add($"{recording.MissingSampleCount} samples are missing; the leads are off there");
        }

        return recording.With(info with { Notes = [.. notes] });
    }

    /// <summary>The signals of a record of one segment.</summary>
    internal static DigitalSignal[] ReadSignals(string headerPath, WfdbHeader header, RecordingDefaults defaults, List<string> notes)
    {
        WfdbRecord record = WfdbRecordReader.Read(headerPath, header, defaults.Limits, defaults.MissingSamples);
        notes.AddRange(record.Notes);
        DigitalSignal[] signals = new DigitalSignal[header.Signals.Length];
        List<int> uncalibrated = [];
        for (int i = 0; i < signals.Length; i++)
        {
            WfdbSignal signal = record.Signals[i];
            WfdbSignalSpec spec = header.Signals[i];
            double? unit = MicrovoltsPerUnit(spec.Units);
            (long missing, int first) = MissingMarks.Apply(signal.Samples, signal, spec);
            if (signal.StepLsb > 1)
            {
                notes.Add($"signal {i + 1}: samples of {WfdbSignalCodec.Bits(spec.Format)} bits rounded to steps of {signal.StepLsb}");
            }

            if (!(spec.AdcUnitsPerUnit > 0) && unit is not null && defaults.Gain is null)
            {
                uncalibrated.Add(i + 1);
            }

            signals[i] = new DigitalSignal
            {
                Name = spec.Description,
                Samples = signal.Samples,
                Scale = ScaleOf(signal, spec, unit ?? 1, defaults.Gain),
                SamplesPerFrame = spec.SamplesPerFrame,
                Problem = unit is null ? $"its unit is {spec.Units}, no voltage" : null,
                MarkedMissing = missing,
                FirstMissing = first,
                Damage = signal.Damage,
            };
        }

        if (uncalibrated.Count > 0)
        {
            notes.Add($"signal {string.Join(", ", uncalibrated)}: the header states no gain; 200 per mV as WFDB says, --gain states another");
        }

        if (defaults.Gain is { } gain)
        {
            notes.Add(FormattableString.Invariant($"gain {gain.LsbPerMillivolt} per mV as --gain says"));
        }

        return signals;
    }

    private static LeadScale ScaleOf(WfdbSignal signal, WfdbSignalSpec spec, double microvoltsPerUnit, StatedGain? stated)
    {
        const double DefaultLsbPerMillivolt = 200;
        double gain = stated is { } given ? 1000 / given.LsbPerMillivolt
            : spec.AdcUnitsPerUnit > 0 ? microvoltsPerUnit / spec.AdcUnitsPerUnit
            : 1000 / DefaultLsbPerMillivolt;
        double baseline = Math.Round(((double)(stated?.BaselineLsb ?? spec.Baseline) - signal.OffsetLsb) / signal.StepLsb);
        return new LeadScale(gain * signal.StepLsb, (int)Math.Clamp(baseline, int.MinValue, int.MaxValue));
    }

    // Case as found: real headers write mV and mv for the same thing, and nobody records an ECG in megavolts.
    private static double? MicrovoltsPerUnit(string units) => units.ToUpperInvariant() switch
    {
        "NV" => 1e-3,
        _ => PhysicalUnits.TryParse(units, out PhysicalUnit unit) ? unit.MillivoltsPerUnit() * 1000 : null,
    };

    private static void Check(string path, DigitalSignal signal, Lead lead, MissingSamplePolicy policy)
    {
        if (signal.Damage is { } damage)
        {
            throw damage;
        }

        if (signal.MarkedMissing > 0 && policy == MissingSamplePolicy.Refuse)
        {
            throw new RecordingFormatException(
                RecordingFault.SampleValue,
                path,
                FormattableString.Invariant($"lead {lead.Name()}, sample {signal.FirstMissing + 1}"),
                $"{signal.MarkedMissing} of {signal.Samples.Length} samples are marked as missing; --missing keep reads the rest, with the lead off there");
        }
    }

    // Straight lines between the samples of a slower signal; it has nothing above its own band, and missing samples stay missing.
    private static short[] Upsample(DigitalSignal signal, Lead lead, int perFrame, List<string> notes)
    {
        if (signal.SamplesPerFrame == perFrame)
        {
            return signal.Samples;
        }

        notes.Add($"lead {lead.Name()} has {signal.SamplesPerFrame} samples in each frame, others {perFrame}; it was interpolated");
        short[] from = signal.Samples;
        short[] samples = new short[from.Length / signal.SamplesPerFrame * perFrame];
        for (int i = 0; i < samples.Length; i++)
        {
            long position = (long)i * signal.SamplesPerFrame;
            int index = (int)(position / perFrame);
            double share = position % perFrame / (double)perFrame;
            short next = from[Math.Min(index + 1, from.Length - 1)];
            samples[i] = from[index] == Recording.MissingSampleLsb || next == Recording.MissingSampleLsb
                ? from[index]
                : (short)Math.Round(from[index] + (share * (next - from[index])));
        }

        return samples;
    }

    private static RecordingInfo WithAnnotations(RecordingInfo info, string headerPath, RecordingLimits limits, List<string> notes)
    {
        string path = Path.ChangeExtension(headerPath, AnnotationExtension);
        if (!File.Exists(path))
        {
            return info;
        }

        try
        {
            ImmutableArray<WfdbAnnotation> annotations = WfdbAnnotationReader.Read(path, limits);
            if (WfdbAnnotationReader.TimeResolutionHz(annotations) is { } hz && hz != info.SampleRateHz)
            {
                if (!(hz is > 0 and <= 1e9))
                {
                    throw new RecordingFormatException(RecordingFault.SampleRate, path, "", FormattableString.Invariant($"a time resolution of {hz} Hz"));
                }

                notes.Add(FormattableString.Invariant($"the annotations count time at {hz} Hz; brought to the signals' {info.SampleRateHz} Hz"));
                double factor = info.SampleRateHz / hz;
                annotations = [.. annotations.Select(a => a with { SampleIndex = (long)Math.Round(a.SampleIndex * factor) })];
            }

            return info with { Annotations = annotations };
        }
        catch (RecordingFormatException damage)
        {
            notes.Add($"annotations not read: {damage.Message}");
            return info with { AnnotationDamage = damage };
        }
    }
}

/// <summary>One signal of a record, digital, with missing samples as <see cref="Recording.MissingSampleLsb"/>.</summary>
internal sealed record DigitalSignal
{
    public required string Name { get; init; }

    public required short[] Samples { get; init; }

    public required LeadScale Scale { get; init; }

    public int SamplesPerFrame { get; init; } = 1;

    /// <summary>Why it is no ECG lead whatever its name; null otherwise.</summary>
    public string? Problem { get; init; }

    /// <summary>Samples that the signal file marks as missing; those of a gap between segments do not count.</summary>
    public long MarkedMissing { get; init; }

    public int FirstMissing { get; init; } = -1;

    public RecordingFormatException? Damage { get; init; }
}
