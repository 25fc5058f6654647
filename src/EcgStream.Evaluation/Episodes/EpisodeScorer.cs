using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Windows;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Episodes;

/// <summary>Runs one record through the pipeline and its rules, with the limits that ship, and compares their episodes with the reference's. Any thread.</summary>
internal sealed class EpisodeScorer(EpisodesOptions options, IBeatStageFactory stages)
{
    public EpisodeScore Score(RecordingEntry entry, CancellationToken cancellation)
    {
        try
        {
            return AnnotatedRecord.TryRead(entry.Path, options.Annotator, options.Reading.Limits) is { } annotated
                ? Score(annotated, cancellation)
                : Score(entry.Read(), cancellation);
        }
        catch (RecordingFormatException problem)
        {
            return new EpisodeScore(entry.Name) { Problem = problem.Message };
        }
    }

    public EpisodeScore Score(Recording recording, CancellationToken cancellation)
    {
        if (recording.Info.Annotations is not { } annotations)
        {
            return new EpisodeScore(recording.Name) { Problem = recording.Info.AnnotationDamage?.Message ?? $"{recording.Name} has no reference annotations" };
        }

        var time = RecordTime.Of(recording);
        return Watch(recording.Name, time, annotations, EpisodeKinds.All, stages, (sink, plan, clock) => new RecordRunner(plan).Run(recording, sink, clock, cancellation));
    }

    /// <summary>The same for a record without signals: of what is compared, only atrial fibrillation is told by beats alone.</summary>
    public EpisodeScore Score(AnnotatedRecord record, CancellationToken cancellation) => Watch(
        record.Name, record.Time, record.Annotations, [EpisodeKind.AtrialFibrillation], new DetectorOnlyStages(), (sink, _, clock) => record.Run(sink, clock, cancellation));

    private EpisodeScore Watch(
        string name, RecordTime time, IReadOnlyList<WfdbAnnotation> annotations, IReadOnlyList<EpisodeKind> kinds, IBeatStageFactory classifier,
        Action<EpisodeSink, WindowPlan?, RunClock> run)
    {
        var start = (long)((options.LearningSeconds * time.SampleRateHz) + 0.5);
        if (start >= time.SampleCount)
        {
            return new EpisodeScore(name)
            {
                Problem = FormattableString.Invariant($"{name} is {time.SampleCount / time.SampleRateHz:0} s long, which is all learning period ({options.LearningSeconds} s)"),
            };
        }

        var clock = new RunClock(RunOptions.StartUnixNs);
        var sink = new EpisodeSink(new DeviceAlarms(RunOptions.Standard.DeviceId, new AlarmOptions(), clock, new ArrhythmiaLimits()), clock, time);
        using var stage = classifier.Open(sink.OnClassified);
        sink.Stage = stage.Sink;
        run(sink, stage.Plan, clock);
        stage.Complete();
        sink.Complete();
        var episodes = EpisodeKinds.All
            .Select(kind => kinds.Contains(kind) ? (Reference: ReferenceEpisodes.Of(annotations, kind, time.SampleCount), Test: sink.Of(kind)) : ([], []))
            .ToArray();
        return new EpisodeScore(name)
        {
            SampleRateHz = time.SampleRateHz,
            Episodes = episodes,
            Tables = [.. EpisodeKinds.All.Select(kind => EpisodeTable.Compare(
                episodes[(int)kind].Reference, episodes[(int)kind].Test, Math.Max(start, ReferenceEpisodes.ToldFrom(annotations, kind)), time.SampleCount, time.SampleRateHz,
                options.LeastSeconds))],
        };
    }
}
