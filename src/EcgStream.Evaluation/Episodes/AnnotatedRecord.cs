using System.Collections.Immutable;
using EcgStream.Core.Beats;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Episodes;

/// <summary>A record of which only the annotations are at hand: its beats are given to the rules as if the detector had found them, so what they make of the intervals can be scored.</summary>
internal sealed record AnnotatedRecord(string Name, double SampleRateHz, int SampleCount, ImmutableArray<WfdbAnnotation> Annotations)
{
    // A longer interval is a stretch that nobody annotated: as a lead that is off.
    private const long LongestIntervalNs = 3_000_000_000;
    private const long StatusNs = 1_000_000_000;

    // A beat's place must tell its interval to a percent or so.
    private const double LeastRateHz = 100;
    private const double MostRateHz = 10_000;

    /// <summary>Between its samples and the device clock of the run.</summary>
    public RecordTime Time => new(RunOptions.StartUnixNs, SampleRateHz, SampleCount);

    /// <summary>Null where the record has signals, or is not WFDB's.</summary>
    /// <param name="headerPath">Of its header.</param>
    /// <param name="annotator">Extension of its annotations.</param>
    /// <exception cref="RecordingFormatException">It has neither signals nor such annotations, or they are damaged.</exception>
    public static AnnotatedRecord? TryRead(string headerPath, string annotator, RecordingLimits limits)
    {
        if (!headerPath.EndsWith(WfdbRecordingReader.HeaderExtension, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var header = WfdbHeaderReader.Read(headerPath, limits, allowNoSignals: true);
        var folder = Path.GetDirectoryName(headerPath) ?? "";
        if (!header.Segments.IsEmpty || header.Signals.Any(signal => File.Exists(Path.Combine(folder, signal.FileName))))
        {
            return null;
        }

        if (!(header.SampleRateHz is >= LeastRateHz and <= MostRateHz))
        {
            throw new RecordingFormatException(
                RecordingFault.SampleRate, headerPath, "line 1, sampling frequency",
                FormattableString.Invariant($"{header.SampleRateHz} Hz; {LeastRateHz} to {MostRateHz} Hz are scored"));
        }

        var path = Path.ChangeExtension(headerPath, annotator);
        var annotations = WfdbAnnotationReader.Read(path, limits);
        var samples = header.SampleCount ?? (annotations is [.., var last] ? last.SampleIndex + 1 : 0);
        return samples is > 0 and <= int.MaxValue
            ? new AnnotatedRecord(Path.GetFileNameWithoutExtension(headerPath), header.SampleRateHz, (int)samples, annotations)
            : throw new RecordingFormatException(RecordingFault.LimitExceeded, headerPath, "", $"{samples} samples; 1 to {int.MaxValue} are scored");
    }

    /// <summary>Gives the beats, and a state each second, to a sink; complete when this returns.</summary>
    public void Run(EpisodeSink sink, RunClock clock, CancellationToken cancellation)
    {
        var time = Time;
        var status = time.StartUnixNs;
        long? last = null;
        var since = time.StartUnixNs;
        Give(sink, clock, status, null, since);
        foreach (var annotation in Annotations)
        {
            if (!annotation.IsBeat)
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            var at = time.UnixNsOf(annotation.SampleIndex);
            if (at <= (last ?? time.StartUnixNs))
            {
                continue; // two annotations of one beat
            }

            for (; status + StatusNs <= at; Give(sink, clock, status, last, since))
            {
                status += StatusNs;
            }

            var known = last is { } before && at - before <= LongestIntervalNs;
            since = known || last is null ? since : at;
            clock.UnixNs = at;
            sink.OnBeat(new Beat(RunOptions.Standard.DeviceId, 1, at, known ? (float)((at - last!.Value) * 1e-6) : null, 1, Lead.II, at));
            last = at;
        }

        for (; status + StatusNs <= time.EndUnixNs; Give(sink, clock, status, last, since))
        {
            status += StatusNs;
        }
    }

    private static void Give(EpisodeSink sink, RunClock clock, long at, long? qrs, long since)
    {
        clock.UnixNs = at;
        var annotated = at - (qrs ?? since) <= LongestIntervalNs;
        sink.OnStatus(new SignalStatus(RunOptions.Standard.DeviceId, 1, at, qrs, annotated ? since : null, null, 0, Lead.II.Bit(), at));
    }
}
