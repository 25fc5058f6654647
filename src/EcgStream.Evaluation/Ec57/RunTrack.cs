using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Ec57;

/// <summary>One annotator's record as the comparison of runs sees it: events in time order. Immutable.</summary>
internal sealed class RunTrack
{
    private readonly List<(long At, RunEvent What, bool Unreadable)> _events = [];

    public RunTrack(IReadOnlyList<WfdbAnnotation> annotations, RunKind kind)
    {
        bool fibrillating = false, inAf = false, unreadable = false;
        foreach (var annotation in annotations)
        {
            var what = RunEvent.None;
            var isShutdown = false;
            switch (annotation.Code)
            {
                case WfdbAnnotationCode.SignalQualityChange:
                    var now = (annotation.SubType & 0x30) == 0x30;
                    isShutdown = now && !unreadable;
                    what = isShutdown ? RunEvent.Breaker : RunEvent.None;
                    unreadable = now;
                    break;
                case WfdbAnnotationCode.VentricularFlutterStart when !fibrillating:
                    (inAf, fibrillating) = (false, true);
                    what = Start(kind, RunKind.Ventricular);
                    break;
                case WfdbAnnotationCode.VentricularFlutterEnd when fibrillating:
                    fibrillating = false;
                    what = kind == RunKind.Ventricular ? RunEvent.EpisodeEnd : RunEvent.None;
                    break;
                case WfdbAnnotationCode.RhythmChange:
                    what = Rhythm(annotation.Auxiliary ?? "", kind, ref inAf, ref fibrillating);
                    break;
                default:
                    what = Beat(annotation.Code.Label(EscapeBeats.Supraventricular), kind, inAf);
                    break;
            }

            if (what != RunEvent.None)
            {
                _events.Add((annotation.SampleIndex, what, isShutdown));
            }
        }
    }

    public int Count => _events.Count;

    public long At(int index) => index < _events.Count ? _events[index].At : BeatTrack.Never;

    public RunEvent What(int index) => _events[index].What;

    /// <summary>Whether an episode that began before ends here.</summary>
    public bool EndsEpisode(int index) => _events[index] is { What: RunEvent.EpisodeEnd or RunEvent.OtherEpisodeStart } or { Unreadable: true };

    private static RunEvent Start(RunKind kind, RunKind of) => kind == of ? RunEvent.EpisodeStart : RunEvent.OtherEpisodeStart;

    private static RunEvent Beat(BeatLabel label, RunKind kind, bool inAf) => label switch
    {
        BeatLabel.O => RunEvent.None,
        BeatLabel.V or BeatLabel.F => kind == RunKind.Ventricular ? RunEvent.Member : RunEvent.Breaker,
        BeatLabel.S => kind == RunKind.Supraventricular ? RunEvent.Member : RunEvent.Breaker,
        BeatLabel.N when inAf => kind == RunKind.Supraventricular ? RunEvent.Member : RunEvent.Breaker,
        _ => RunEvent.Breaker,
    };

    // AF and AFL begin atrial episodes, VF and VFL ventricular ones; any other rhythm ends what was on.
    private static RunEvent Rhythm(string text, RunKind kind, ref bool inAf, ref bool fibrillating)
    {
        if (text.StartsWith("(AF", StringComparison.Ordinal))
        {
            var began = !inAf;
            (inAf, fibrillating) = (true, false);
            return began ? Start(kind, RunKind.Supraventricular) : RunEvent.None;
        }

        if (text.StartsWith("(VF", StringComparison.Ordinal))
        {
            var began = !fibrillating;
            (inAf, fibrillating) = (false, true);
            return began ? Start(kind, RunKind.Ventricular) : RunEvent.None;
        }

        var ended = kind == RunKind.Ventricular ? fibrillating && !inAf : inAf;
        (inAf, fibrillating) = inAf ? (false, fibrillating) : (false, false);
        return ended ? RunEvent.EpisodeEnd : RunEvent.None;
    }
}
