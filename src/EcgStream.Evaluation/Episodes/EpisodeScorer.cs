using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Episodes;

/// <summary>Runs one record through the pipeline and its rules, with the limits that ship, and compares their episodes with the reference's. Any thread.</summary>
internal sealed class EpisodeScorer(EpisodesOptions options, IBeatStageFactory stages)
{
    public EpisodeScore Score(RecordingEntry entry, CancellationToken cancellation)
    {
        try
        {
            return Score(entry.Read(), cancellation);
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

        var start = (long)((options.LearningSeconds * recording.SampleRateHz) + 0.5);
        if (start >= recording.SampleCount)
        {
            return new EpisodeScore(recording.Name)
            {
                Problem = FormattableString.Invariant($"{recording.Name} is {recording.Duration.TotalSeconds:0} s long, which is all learning period ({options.LearningSeconds} s)"),
            };
        }

        var clock = new RunClock(RunOptions.StartUnixNs);
        var alarms = new DeviceAlarms(RunOptions.Standard.DeviceId, new AlarmOptions(), clock, new ArrhythmiaLimits());
        var sink = new EpisodeSink(alarms, clock, RecordTime.Of(recording));
        using var stage = stages.Open(sink.OnClassified);
        sink.Stage = stage.Sink;
        new RecordRunner(stage.Plan).Run(recording, sink, clock, cancellation);
        stage.Complete();
        sink.Complete();
        var episodes = EpisodeKinds.All
            .Select(kind => (Reference: ReferenceEpisodes.Of(annotations, kind, recording.SampleCount), Test: sink.Of(kind)))
            .ToArray();
        return new EpisodeScore(recording.Name)
        {
            SampleRateHz = recording.SampleRateHz,
            Episodes = episodes,
            Tables = [.. episodes.Select(pair => EpisodeTable.Compare(pair.Reference, pair.Test, start, recording.SampleCount, recording.SampleRateHz))],
        };
    }
}
