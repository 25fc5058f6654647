using EcgStream.Core.Alarms;
using EcgStream.Core.Arrhythmia;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Alarms;

/// <summary>
/// Runs one record through the pipeline and its rules. The alarm that the monitor raised at the record's end is confirmed when our condition of its type holds at some
/// time within the last <see cref="WithinSeconds"/>. The rules are the ward's; only limits are those of the challenge. Any thread.
/// </summary>
internal sealed class AlarmScorer(IBeatStageFactory stages)
{
    /// <summary>The challenge's rule is 10 s before the alarm; our own delays are inside them.</summary>
    public const double WithinSeconds = 10;

    /// <summary>
    /// The challenge's definitions. Bradycardia, tachycardia and ventricular tachycardia (there under 40/min over 5 beats, over 140/min over 17, 5 beats over
    /// 100/min) have the tolerance of a rate meter on them and fewer beats: the experts called alarms true whose rate was 41 to 42, runs of ten beats, and a model misses the first or last beat. Set on the tuning half.
    /// </summary>
    public static ArrhythmiaLimits Limits { get; } = new()
    {
        AsystoleSeconds = 4,
        ExtremeBradycardiaBpm = 42,
        ExtremeBradycardiaBeats = 4,
        ExtremeTachycardiaBpm = 130,
        ExtremeTachycardiaBeats = 10,
        TachycardiaVentricularBeats = 4,
        TachycardiaVentricularBpm = 95,
        FibrillationSeconds = 4,
    };

    public AlarmOutcome Score(ChallengeAlarm alarm, RecordingEntry? entry, CancellationToken cancellation)
    {
        if (entry is null)
        {
            return new AlarmOutcome(alarm, false, [], "its recording is not in the folder");
        }

        try
        {
            return Score(alarm, entry.Read(), cancellation);
        }
        catch (RecordingFormatException problem)
        {
            return new AlarmOutcome(alarm, false, [], problem.Message);
        }
    }

    public AlarmOutcome Score(ChallengeAlarm alarm, Recording recording, CancellationToken cancellation)
    {
        var time = RecordTime.Of(recording);
        var clock = new RunClock(RunOptions.StartUnixNs);
        var alarms = new DeviceAlarms(RunOptions.Standard.DeviceId, new AlarmOptions(), clock, Limits);
        var sink = new AlarmRunSink(alarms, alarm.Type.Condition(), time.EndUnixNs - (long)(WithinSeconds * 1e9));
        using var stage = stages.Open(sink.OnClassified);
        sink.Stage = stage.Sink;
        new RecordRunner(stage.Plan).Run(recording, sink, clock, cancellation);
        stage.Complete();
        return new AlarmOutcome(
            alarm, sink.Held,
            [.. sink.Transitions.Select(told => new ToldAlarm(
                time.SecondsAt(told.OnsetUnixNs), time.SecondsAt(told.EventUnixNs), told.Condition, told.Transition, told.Message))]);
    }
}
