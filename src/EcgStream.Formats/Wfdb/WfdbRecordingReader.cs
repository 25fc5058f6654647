using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats.Wfdb;

/// <summary>Reads a WFDB record whose signals are ECG leads.</summary>
public static class WfdbRecordingReader
{
    public const string HeaderExtension = ".hea";
    public const string AnnotationExtension = ".atr";

    /// <summary>Reads a record by the path of its header, with NAME.atr beside it where there is one.</summary>
    /// <exception cref="RecordingFormatException">The record is unreadable, damaged, or no ECG under <paramref name="defaults"/>.</exception>
    public static Recording Read(string headerPath, RecordingDefaults defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        WfdbRecord record = WfdbRecordReader.Read(headerPath, defaults.Limits);
        RecordingRules.CheckSampleRate(record.Header.SampleRateHz, headerPath, "line 1, sampling frequency");
        ImmutableArray<WfdbSignalSpec> signals = record.Header.Signals;
        List<string> notes = [.. record.Notes];
        Lead[] leads = new Lead[signals.Length];
        LeadScale[] scales = new LeadScale[signals.Length];
        short[][] samples = record.TakeSamples();
        for (int i = 0; i < signals.Length; i++)
        {
            leads[i] = LeadOf(headerPath, i, signals[i], signals.Length, defaults, notes);
            scales[i] = new LeadScale(MicrovoltsPerUnit(headerPath, i, signals[i]) / signals[i].AdcUnitsPerUnit, signals[i].Baseline);
            MarkMissing(headerPath, signals[i], leads[i], samples[i], defaults.MissingSamples);
        }

        RecordingInfo info = new()
        {
            Name = Path.GetFileNameWithoutExtension(headerPath),
            SourcePath = headerPath,
            Format = RecordingFormat.Wfdb,
            SampleRateHz = record.Header.SampleRateHz,
            Leads = [.. leads],
            Comments = record.Header.Comments,
            Notes = [.. notes],
            Annotations = defaults.ReadAnnotations ? ReadAnnotations(headerPath, record.Header, defaults.Limits) : null,
        };
        return Recording.FromDigital(info, samples, [.. scales]);
    }

    private static Lead LeadOf(string path, int index, WfdbSignalSpec spec, int signalCount, RecordingDefaults defaults, List<string> notes)
    {
        if (LeadNames.TryParse(spec.Description, out Lead lead))
        {
            return lead;
        }

        if (spec.Description.Length == 0 && signalCount == 1 && defaults.SingleLead is { } single)
        {
            notes.Add($"the lead has no name; {single.Name()} taken from the caller");
            return single;
        }

        throw new RecordingFormatException(
            RecordingFault.Lead,
            path,
            $"signal {index}",
            spec.Description.Length == 0 ? "has no lead name" : $"'{spec.Description}' is not a lead name");
    }

    private static double MicrovoltsPerUnit(string path, int index, WfdbSignalSpec spec)
    {
        string place = $"signal {index}, gain";
        if (!double.IsFinite(spec.AdcUnitsPerUnit) || spec.AdcUnitsPerUnit <= 0)
        {
            throw new RecordingFormatException(
                RecordingFault.Scale, path, place, FormattableString.Invariant($"{spec.AdcUnitsPerUnit} leaves the signal uncalibrated"));
        }

        // Case as found: real headers write mV and mv for the same thing, and nobody records an ECG in megavolts.
        return spec.Units.ToUpperInvariant() switch
        {
            "MV" => 1e3,
            "UV" or "µV" or "ΜV" => 1,
            "V" => 1e6,
            "NV" => 1e-3,
            _ => throw new RecordingFormatException(RecordingFault.Scale, path, place, $"'{spec.Units}' is not a voltage; V, mV, uV and nV are read"),
        };
    }

    private static void MarkMissing(string path, WfdbSignalSpec spec, Lead lead, Span<short> samples, MissingSamplePolicy policy)
    {
        short mark = WfdbSignalCodec.Missing(spec.Format);
        int first = samples.IndexOf(mark);
        if (first < 0)
        {
            return;
        }

        if (policy == MissingSamplePolicy.Refuse)
        {
            throw new RecordingFormatException(
                RecordingFault.SampleValue,
                path,
                FormattableString.Invariant($"lead {lead.Name()}, sample {first}"),
                $"{mark} marks a missing sample; {((ReadOnlySpan<short>)samples).Count(mark)} of {samples.Length} are missing");
        }

        samples.Replace(mark, Recording.MissingSampleLsb);
    }

    private static ImmutableArray<WfdbAnnotation>? ReadAnnotations(string headerPath, WfdbHeader header, RecordingLimits limits)
    {
        string path = Path.ChangeExtension(headerPath, AnnotationExtension);
        if (!File.Exists(path))
        {
            return null;
        }

        ImmutableArray<WfdbAnnotation> annotations = WfdbAnnotationReader.Read(path, limits);
        if (WfdbAnnotationReader.TimeResolutionHz(annotations) is { } hz && hz != header.SampleRateHz)
        {
            throw new RecordingFormatException(
                RecordingFault.SampleRate,
                path,
                "",
                FormattableString.Invariant($"annotations count time at {hz} Hz, the signals at {header.SampleRateHz} Hz"));
        }

        return annotations;
    }
}
