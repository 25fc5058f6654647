using EcgStream.Core.Alarms;
using EcgStream.Core.Signals;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Rhythm;

/// <summary>Runs one record through the pipeline and gives it one class. Any thread.</summary>
internal sealed class RhythmScorer(RhythmModels models)
{
    public RhythmOutcome Score(string record, RhythmClass reference, RecordingEntry? entry, CancellationToken cancellation)
    {
        if (entry is null)
        {
            return new RhythmOutcome(record, reference, RhythmClass.Noisy, default, "its recording is not in the folder");
        }

        if (models.Rent(record) is not { } model)
        {
            return new RhythmOutcome(record, reference, RhythmClass.Noisy, default, "no fold was trained without it");
        }

        try
        {
            var recording = entry.Read();
            var clock = new RunClock(RunOptions.StartUnixNs);
            var alarms = new DeviceAlarms(RunOptions.Standard.DeviceId, new AlarmOptions(), clock);
            var sink = new RhythmRunSink(model, alarms, recording.Leads[0].Bit());
            new RecordRunner(model.Plan).Run(recording, sink, clock, cancellation);
            return new RhythmOutcome(record, reference, RhythmVerdict.Of(sink.Evidence), sink.Evidence);
        }
        catch (RecordingFormatException problem)
        {
            return new RhythmOutcome(record, reference, RhythmClass.Noisy, default, problem.Message);
        }
        finally
        {
            models.Return(model);
        }
    }
}
