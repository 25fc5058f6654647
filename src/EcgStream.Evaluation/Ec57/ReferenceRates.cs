using EcgStream.Core.Vitals;
using EcgStream.Evaluation.Pipeline;

namespace EcgStream.Evaluation.Ec57;

/// <summary>The rates that follow from the reference's beats by the pipeline's own averaging rule, at the seconds at which the pipeline states its own.</summary>
internal static class ReferenceRates
{
    public static IReadOnlyList<RateMeasurement> Of(BeatTrack reference, IReadOnlyList<VitalsSecond> vitals, RecordTime time)
    {
        var meter = new HeartRateMeter();
        var rates = new List<RateMeasurement>();
        var next = 0;
        foreach (var second in vitals)
        {
            var at = time.SampleAt(second.EndUnixNs);
            for (; reference.At(next) < at; next++)
            {
                meter.Add(time.UnixNsOf(reference.At(next)), reference.Interval(next) * 1000 / time.SampleRateHz);
            }

            if (meter.At(second.EndUnixNs) is { } rate)
            {
                rates.Add(new RateMeasurement(at, rate));
            }
        }

        return rates;
    }
}
