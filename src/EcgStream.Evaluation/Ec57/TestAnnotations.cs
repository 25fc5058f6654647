using System.Globalization;
using EcgStream.Core.Beats;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Ec57;

/// <summary>What the pipeline found, as annotations at the recording's own rate: beats, heart rates and stretches that no lead could be read in.</summary>
internal static class TestAnnotations
{
    private const sbyte Unreadable = 0x30;

    /// <summary>Beats first where several stand at one sample, as comparators expect them.</summary>
    public static IReadOnlyList<WfdbAnnotation> Of(IReadOnlyList<ClassifiedBeat> beats, IReadOnlyList<VitalsSecond> vitals, IReadOnlyList<Lead> leads, RecordTime time)
    {
        var annotations = beats.Select(beat => new WfdbAnnotation(Math.Clamp(time.SampleAt(beat.Beat.TimeUnixNs), 0, time.SampleCount - 1), beat.Class.Code()))
            .Concat(Rates(vitals, time).Select(rate => new WfdbAnnotation(
                rate.At, WfdbAnnotationCode.Measurement, Auxiliary: rate.BeatsPerMinute.ToString("0.0", CultureInfo.InvariantCulture))))
            .Concat(Shutdown(vitals, leads, time));
        return [.. annotations.OrderBy(annotation => annotation.SampleIndex)];
    }

    /// <summary>The rates that are known, one a second.</summary>
    public static IReadOnlyList<RateMeasurement> Rates(IReadOnlyList<VitalsSecond> vitals, RecordTime time) =>
        [.. vitals.Where(second => second.HeartRateBpm is not null).Select(second => new RateMeasurement(time.SampleAt(second.EndUnixNs), second.HeartRateBpm!.Value))];

    // A second counts when every lead was off, flat or at the end of its range, and no beat was found in it all the same.
    private static IEnumerable<WfdbAnnotation> Shutdown(IReadOnlyList<VitalsSecond> vitals, IReadOnlyList<Lead> leads, RecordTime time)
    {
        var all = leads.Aggregate(0u, (mask, lead) => mask | lead.Bit());
        var down = false;
        foreach (var second in vitals)
        {
            var unreadable = second.Beats == 0 && ((second.LeadsOff | second.Quality.Flat | second.Quality.Saturated) & all) == all;
            if (unreadable != down)
            {
                yield return new WfdbAnnotation(
                    Math.Max(0, time.SampleAt(second.EndUnixNs - 1_000_000_000)), WfdbAnnotationCode.SignalQualityChange, unreadable ? Unreadable : (sbyte)0);
                down = unreadable;
            }
        }
    }
}
