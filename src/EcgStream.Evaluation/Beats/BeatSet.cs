using EcgStream.Core.Beats;
using EcgStream.Core.Windows;
using EcgStream.Evaluation.Ec57;
using EcgStream.Evaluation.Pipeline;
using EcgStream.Formats;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Beats;

/// <summary>The beats of one recording as the daemon would feed them to a model, with the reference's classes.</summary>
internal sealed class BeatSet(WindowRecipe recipe)
{
    /// <summary>Half-width of the window in which a detected beat is that of the reference, seconds.</summary>
    private const double MatchSeconds = 0.150;

    private readonly List<long> _samples = [];
    private readonly List<float[]> _inputs = [];

    /// <summary>Sample of each R peak, at the recording's own rate.</summary>
    public IReadOnlyList<long> Samples => _samples;

    /// <summary>Rows and features of each beat.</summary>
    public IReadOnlyList<float[]> Inputs => _inputs;

    /// <summary>Class of each beat; O where the reference has none.</summary>
    public IReadOnlyList<BeatLabel> Labels { get; private set; } = [];

    /// <summary>Detected beats that no lead was good enough for.</summary>
    public int Unclassified { get; private set; }

    public static BeatSet Of(Recording recording, int leads, CancellationToken cancellation)
    {
        var recipe = BeatSetRecipes.Of(leads);
        var set = new BeatSet(recipe);
        var plan = new WindowPlan(new WindowOptions(), [new RhythmWindowPool(recipe, 8)]);
        var time = RecordTime.Of(recording);
        new RecordRunner(plan).Run(recording, new Sink(set, time), cancellation: cancellation);
        set.Match(recording.Info.Annotations ?? (recording.Info.AnnotationDamage is { } damage ? throw damage : []), recording.SampleRateHz);
        return set;
    }

    public WindowRecipe Recipe => recipe;

    // Nearest first would need all pairs; beats are 200 ms apart at least, so going through both in order finds the same.
    private void Match(IReadOnlyList<WfdbAnnotation> annotations, double rateHz)
    {
        var reference = annotations.Where(annotation => annotation.IsBeat).ToList();
        var reach = (long)((MatchSeconds * rateHz) + 0.5);
        var labels = new BeatLabel[_samples.Count];
        Array.Fill(labels, BeatLabel.O);
        var from = 0;
        foreach (var beat in reference)
        {
            while (from < _samples.Count && _samples[from] < beat.SampleIndex - reach)
            {
                from++;
            }

            var best = -1;
            for (var index = from; index < _samples.Count && _samples[index] <= beat.SampleIndex + reach; index++)
            {
                var nearer = best < 0 || Math.Abs(_samples[index] - beat.SampleIndex) < Math.Abs(_samples[best] - beat.SampleIndex);
                best = labels[index] == BeatLabel.O && nearer ? index : best;
            }

            if (best >= 0)
            {
                labels[best] = beat.Code.Label(EscapeBeats.Normal);
            }
        }

        Labels = labels;
    }

    private sealed class Sink(BeatSet set, RecordTime time) : RunSink
    {
        public override void OnWindow(RhythmWindow window)
        {
            set._samples.Add(time.SampleAt(window.Beat!.Value.TimeUnixNs));
            set._inputs.Add(window.Input.ToArray());
            window.Return();
        }

        public override void OnBeatUnclassified(in Beat beat) => set.Unclassified++;
    }
}
