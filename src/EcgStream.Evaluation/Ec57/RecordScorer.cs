using EcgStream.Core.Beats;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Ec57;

/// <summary>Runs one record through the pipeline and compares what came out with its reference. Any thread.</summary>
internal sealed class RecordScorer(Ec57Options options, IBeatStageFactory stages, QrsTuning? tuning = null)
{
    /// <summary>Scores a record; one that cannot be scored says why.</summary>
    public RecordScore Score(RecordingEntry entry, CancellationToken cancellation)
    {
        try
        {
            return Score(entry.Read(), cancellation);
        }
        catch (RecordingFormatException problem)
        {
            return new RecordScore { Name = entry.Name, Problem = problem.Message };
        }
    }

    public RecordScore Score(Recording recording, CancellationToken cancellation)
    {
        if (recording.Info.Annotations is not { } reference)
        {
            return new RecordScore { Name = recording.Name, Problem = recording.Info.AnnotationDamage?.Message ?? $"{recording.Name} has no reference annotations", Notes = recording.Info.Notes };
        }

        var span = ScoredSpan.Of(recording.SampleRateHz, recording.SampleCount, options.LearningSeconds);
        if (span.Start >= span.End)
        {
            return new RecordScore
            {
                Name = recording.Name,
                Problem = FormattableString.Invariant($"{recording.Name} is {recording.Duration.TotalSeconds:0} s long, which is all learning period ({options.LearningSeconds} s; --learning sets another)"),
            };
        }

        var beats = new List<ClassifiedBeat>();
        using var stage = stages.Open(beats.Add);
        var sink = new RecordSink(stage.Sink);
        var totals = new RecordRunner(stage.Plan, tuning: tuning).Run(recording, sink, cancellation: cancellation);
        stage.Complete();
        var test = TestAnnotations.Of(beats, sink.Vitals, recording.Leads, totals.Time);
        Write(recording.Name, test);
        return Compare(recording, reference, test, sink, span, totals);
    }

    private static RecordScore Compare(
        Recording recording, IReadOnlyList<WfdbAnnotation> reference, IReadOnlyList<WfdbAnnotation> test, RecordSink sink, ScoredSpan span, RunTotals totals)
    {
        var mismatches = new List<BeatMismatch>();
        var referenceTrack = new BeatTrack(reference, EscapeBeats.Supraventricular, span.Match);
        return new RecordScore
        {
            Name = recording.Name,
            SampleRateHz = recording.SampleRateHz,
            MissingSamples = totals.MissingSamples,
            Notes = recording.Info.Notes,
            Beats = BeatComparison.Compare(referenceTrack, new BeatTrack(test, EscapeBeats.Supraventricular, span.Match), span, recording.SampleRateHz, mismatches),
            BeatsEscapesNormal = BeatComparison.Compare(
                new BeatTrack(reference, EscapeBeats.Normal, span.Match), new BeatTrack(test, EscapeBeats.Normal, span.Match), span, recording.SampleRateHz),
            VentricularRuns = RunComparison.Compare(new RunTrack(reference, RunKind.Ventricular), new RunTrack(test, RunKind.Ventricular), span),
            SupraventricularRuns = RunComparison.Compare(new RunTrack(reference, RunKind.Supraventricular), new RunTrack(test, RunKind.Supraventricular), span),
            Rate = RateComparison.Compare(ReferenceRates.Of(referenceTrack, sink.Vitals, totals.Time), TestAnnotations.Rates(sink.Vitals, totals.Time), span),
            Mismatches = mismatches,
        };
    }

    private void Write(string name, IReadOnlyList<WfdbAnnotation> test)
    {
        if (options.Output is { } folder)
        {
            WfdbAnnotationWriter.Write(Path.Combine(folder, $"{name}.{options.Extension}"), test);
        }
    }
}
