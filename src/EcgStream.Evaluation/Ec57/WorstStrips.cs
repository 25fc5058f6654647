using System.Collections.Immutable;
using EcgStream.Core.Signals;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Evaluation.Reports;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Ec57;

/// <summary>Draws the records with the most QRS errors around the stretch that holds most of them.</summary>
internal static class WorstStrips
{
    private const int Records = 8;
    private const double Seconds = 10;
    private const int PointsPerSecond = 125;

    public static IEnumerable<Strip> Draw(Ec57Run run, Ec57Options options)
    {
        var entries = RecordFolder.ByName(options.Folder, options.Reading);
        foreach (var record in run.Records.Where(record => record.IsScored && record.Mismatches.Count > 0).OrderByDescending(Errors).Take(Records))
        {
            if (Draw(entries[record.Name].Read(), record, options) is { } strip)
            {
                yield return strip;
            }
        }
    }

    private static long Errors(RecordScore record) => record.Beats.Missed + record.Beats.Extra;

    private static Strip? Draw(Recording recording, RecordScore record, Ec57Options options)
    {
        var rate = recording.SampleRateHz;
        var at = Densest(record.Mismatches, (long)(Seconds * rate));
        var first = (int)Math.Clamp(at - (long)(rate * Seconds / 2), 0, Math.Max(0, recording.SampleCount - (long)(rate * Seconds)));
        var count = Math.Min(recording.SampleCount - first, (int)(Seconds * rate));
        var plot = new SvgPlot((first / rate, (first + count) / rate), (-2.5 - (2 * (recording.LeadCount - 1)), 2.5), 1100, 150 + (70 * recording.LeadCount)).Axes("s", "mV");
        for (var lead = 0; lead < recording.LeadCount; lead++)
        {
            plot.Series(recording.Leads[lead].Name(), Points(recording, lead, first, count), marks: false);
        }

        foreach (var beat in Within(recording.Info.Annotations ?? [], first, count))
        {
            plot.Mark(beat.SampleIndex / rate, beat.Code.Symbol()?.ToString() ?? "", "#15803d", 1);
        }

        foreach (var beat in Within(TestOf(record.Name, options), first, count))
        {
            plot.Mark(beat.SampleIndex / rate, beat.Code.Symbol()?.ToString() ?? "", "#1f5fa8", 2);
        }

        foreach (var mismatch in record.Mismatches.Where(mismatch => mismatch.At >= first && mismatch.At < first + count))
        {
            plot.Mark(mismatch.At / rate, $"{mismatch.Reference}{char.ToLowerInvariant(mismatch.Test.ToString()[0])}", "#b00020", 3);
        }

        return new Strip(FormattableString.Invariant($"{record.Name}: {record.Beats.Missed} missed, {record.Beats.Extra} extra, {record.Mismatches.Count} pairs differ"), plot.ToString());
    }

    private static ImmutableArray<WfdbAnnotation> TestOf(string name, Ec57Options options) =>
        options.Output is { } folder ? WfdbAnnotationReader.Read(Path.Combine(folder, $"{name}.{options.Extension}")) : [];

    private static IEnumerable<WfdbAnnotation> Within(IEnumerable<WfdbAnnotation> annotations, long first, int count) =>
        annotations.Where(annotation => annotation.IsBeat && annotation.SampleIndex >= first && annotation.SampleIndex < first + count);

    // The mean of the stretch goes, so that drift does not push a lead out of the picture; leads stand 2 mV under each other.
    private static IEnumerable<(double, double?)> Points(Recording recording, int lead, int first, int count)
    {
        var samples = new double[count];
        recording.CopyMillivolts(lead, first, samples.AsSpan());
        var mean = samples.Where(double.IsFinite).DefaultIfEmpty(0).Average();
        var step = Math.Max(1, (int)(recording.SampleRateHz / PointsPerSecond));
        for (var index = 0; index < count; index += step)
        {
            yield return ((first + index) / recording.SampleRateHz, double.IsFinite(samples[index]) ? samples[index] - mean - (2 * lead) : null);
        }
    }

    private static long Densest(IReadOnlyList<BeatMismatch> mismatches, long span)
    {
        // Missed and extra beats weigh more than confused classes.
        long best = mismatches[0].At;
        var most = -1;
        for (int from = 0, to = 0, weight = 0; to < mismatches.Count; to++)
        {
            weight += Weight(mismatches[to]);
            for (; mismatches[to].At - mismatches[from].At > span; from++)
            {
                weight -= Weight(mismatches[from]);
            }

            (best, most) = weight > most ? ((mismatches[from].At + mismatches[to].At) / 2, weight) : (best, most);
        }

        return best;

        static int Weight(BeatMismatch mismatch) => mismatch.Reference >= BeatLabel.O || mismatch.Test >= BeatLabel.O ? 10 : 1;
    }
}
