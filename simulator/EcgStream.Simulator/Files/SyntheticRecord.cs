using System.Collections.Immutable;
using System.Globalization;
using EcgStream.Core.Signals;
using EcgStream.Formats;
using EcgStream.Formats.Csv;
using EcgStream.Formats.Wfdb;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Files;

/// <summary>A synthetic recording of a given length with its truth, and its writers.</summary>
public static class SyntheticRecord
{
    /// <summary>0 of a competition's label file is a normal record, which only sinus rhythm makes.</summary>
    public const string NormalLabel = "0";

    public const string AbnormalLabel = "1";

    /// <summary>Makes a recording at 1 µV per LSB with beat and rhythm annotations.</summary>
    /// <param name="name">Letters, digits, _ and -.</param>
    /// <param name="samplesPerLead">Length.</param>
    public static Recording Make(string name, SynthSpec spec, int samplesPerLead)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerLead, 1);
        var truth = new TruthList();
        var synthesizer = new EcgSynthesizer(spec, truth);
        var block = new float[spec.Leads.Count * samplesPerLead];
        synthesizer.Read(block, samplesPerLead);
        var millivolts = new double[spec.Leads.Count][];
        for (var lead = 0; lead < millivolts.Length; lead++)
        {
            millivolts[lead] = Array.ConvertAll(block[(lead * samplesPerLead)..((lead + 1) * samplesPerLead)], sample => (double)sample);
        }

        var info = new RecordingInfo
        {
            Name = name,
            SourcePath = name,
            SampleRateHz = spec.SampleRateHz,
            Leads = [.. spec.Leads],
            Label = Label(spec.Rhythm),
            Comments =
            [
                "synthetic: made by ecgsim, no patient",
                string.Create(CultureInfo.InvariantCulture, $"rhythm {spec.Rhythm}, seed {spec.Seed}"),
            ],
            Annotations = Annotations(truth, samplesPerLead),
        };
        return RecordingDigitizer.ToDigital(Recording.FromPhysical(info, millivolts), 1);
    }

    /// <summary>Writes a recording and, beside it, NAME.atr with its truth. Returns the path of the recording.</summary>
    public static string Write(string folder, Recording recording, RecordFormat format)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(recording);
        if (format == RecordFormat.Wfdb)
        {
            return WfdbRecordingWriter.Write(folder, recording);
        }

        var path = Path.Combine(folder, recording.Name + (format == RecordFormat.Csv ? ".csv" : ".mat"));
        switch (format)
        {
            case RecordFormat.Mat:
                RecordingWriter.WriteMat5(path, recording);
                break;
            case RecordFormat.Mat4:
                RecordingWriter.WriteMat4(path, recording);
                break;
            default:
                CsvRecordingWriter.WriteLeads(path, recording);
                break;
        }

        WfdbAnnotationWriter.Write(Path.Combine(folder, recording.Name + ".atr"), [.. recording.Info.Annotations ?? []]);
        return path;
    }

    /// <summary>The label of a rhythm as a two-class competition gives it.</summary>
    public static string Label(RhythmKind rhythm) => rhythm == RhythmKind.Sinus ? NormalLabel : AbnormalLabel;

    private static ImmutableArray<WfdbAnnotation> Annotations(TruthList truth, int samples)
    {
        var beats = truth.Beats.Where(beat => beat.Sample < samples)
            .Select(beat => new WfdbAnnotation(beat.Sample, beat.Class == BeatClass.V ? WfdbAnnotationCode.VentricularPremature : WfdbAnnotationCode.Normal));
        var rhythms = truth.Rhythms.Where(rhythm => rhythm.Sample < samples)
            .Select(rhythm => new WfdbAnnotation(rhythm.Sample, WfdbAnnotationCode.RhythmChange, Auxiliary: rhythm.Code));

        // A rhythm stands before the beat that it begins with.
        return [.. rhythms.Concat(beats).OrderBy(annotation => annotation.SampleIndex)];
    }
}
