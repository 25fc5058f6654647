using EcgStream.Core.Windows;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Contests;

/// <summary>
/// The first window of a record, come the way that it comes live: digitized, in chunks, decoded, filtered and cut by a device session. Any number of threads.
/// </summary>
internal sealed class RecordClassifier(ContestModel model)
{
    private readonly Lock _gate = new();

    /// <returns>The model's scores of the record's first window.</returns>
    /// <exception cref="RecordingFormatException">The record cannot be streamed, or is shorter than the window or lacks its leads.</exception>
    public float[] Classify(Recording recording, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var pool = new RhythmWindowPool(model.Recipe, 2);
        var length = TimeSpan.FromSeconds(Math.Max(model.Card.Input.WindowSeconds, new WindowOptions().Length.TotalSeconds));
        var sink = new FirstWindow();
        new RecordRunner(new WindowPlan(new WindowOptions { Length = length }, [pool])).Run(recording, sink, cancellation: cancellation);
        if (sink.Input is not { } input)
        {
            throw new RecordingFormatException(
                RecordingFault.Shape, recording.Info.SourcePath, "",
                FormattableString.Invariant($"no window of {model.Card.Input.WindowSeconds} s with the leads {string.Join(", ", model.Card.Input.Leads)} comes of its {recording.SampleCount / recording.SampleRateHz} s"));
        }

        lock (_gate)
        {
            return model.Run([input])[0];
        }
    }

    private sealed class FirstWindow : RunSink
    {
        public float[]? Input { get; private set; }

        public override void OnWindow(RhythmWindow window)
        {
            Input ??= window.Input.ToArray();
            window.Return();
        }
    }
}
