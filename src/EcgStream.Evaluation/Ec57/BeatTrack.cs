using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Ec57;

/// <summary>
/// One annotator's beats, with the stretches that take part in no beat statistics: ventricular flutter or fibrillation (between <c>[</c> and <c>]</c>) and
/// shutdown (signal quality with both of bits 4 and 5 set: no signal readable). Times in samples. Immutable.
/// </summary>
internal sealed class BeatTrack
{
    /// <summary>Behind every record.</summary>
    public const long Never = long.MaxValue / 4;

    private const int UnreadableBits = 0x30;

    private readonly List<(long At, BeatLabel Label)> _beats = [];
    private readonly List<Stretch> _fibrillation = [];
    private readonly List<Stretch> _shutdown = [];

    /// <param name="annotations">In time order.</param>
    /// <param name="escapes">How escape beats count.</param>
    /// <param name="matchSamples">The match window; a shutdown mark without an end begins and ends so far from the annotations around it.</param>
    public BeatTrack(IReadOnlyList<WfdbAnnotation> annotations, EscapeBeats escapes, long matchSamples)
    {
        for (var index = 0; index < annotations.Count; index++)
        {
            var annotation = annotations[index];
            if (annotation.IsBeat)
            {
                _beats.Add((annotation.SampleIndex, annotation.Code.Label(escapes)));
            }
            else if (annotation.Code == WfdbAnnotationCode.VentricularFlutterStart)
            {
                // Whatever is annotated inside is passed over.
                while (++index < annotations.Count && annotations[index].Code != WfdbAnnotationCode.VentricularFlutterEnd)
                {
                }

                _fibrillation.Add(new Stretch(annotation.SampleIndex, index < annotations.Count ? annotations[index].SampleIndex : Never));
            }
            else if (IsUnreadable(annotation))
            {
                var end = index + 1 < annotations.Count ? annotations[index + 1] : (WfdbAnnotation?)null;
                _shutdown.Add(Shutdown(annotation.SampleIndex, end, matchSamples));
                index += end is { Code: WfdbAnnotationCode.SignalQualityChange } && !IsUnreadable(end.Value) ? 1 : 0;
            }
        }
    }

    public int Count => _beats.Count;

    public IReadOnlyList<Stretch> Fibrillation => _fibrillation;

    public IReadOnlyList<Stretch> ShutdownStretches => _shutdown;

    /// <summary>Time of a beat; <see cref="Never"/> behind the last.</summary>
    public long At(int index) => index < _beats.Count ? _beats[index].At : Never;

    public BeatLabel Label(int index) => _beats[index].Label;

    /// <summary>Samples since the beat before; null for the first beat, behind the last, and where fibrillation or shutdown began in between.</summary>
    public long? Interval(int index)
    {
        if (index < 1 || index >= _beats.Count || At(index - 1) == 0)
        {
            return null;
        }

        var (from, to) = (At(index - 1), At(index));
        return _fibrillation.Exists(BeginsBetween) || _shutdown.Exists(BeginsBetween) ? null : to - from;

        bool BeginsBetween(Stretch stretch) => from <= stretch.Start && stretch.Start < to;
    }

    public bool InFibrillation(long at) => _fibrillation.Exists(stretch => stretch.Contains(at));

    public bool InShutdown(long at) => _shutdown.Exists(stretch => stretch.Contains(at));

    private static bool IsUnreadable(in WfdbAnnotation annotation) =>
        annotation.Code == WfdbAnnotationCode.SignalQualityChange && (annotation.SubType & UnreadableBits) == UnreadableBits;

    private Stretch Shutdown(long start, WfdbAnnotation? next, long matchSamples)
    {
        if (next is not { } end)
        {
            return new Stretch(start, Never);
        }

        if (end.Code == WfdbAnnotationCode.SignalQualityChange && !IsUnreadable(end))
        {
            return new Stretch(start, end.SampleIndex);
        }

        // One mark in the middle, as in the AHA database: it reaches from the annotation before to the one behind.
        var before = Math.Max(_beats.Count > 0 ? _beats[^1].At : 0, _fibrillation.Count > 0 ? _fibrillation[^1].End : 0);
        var to = end.SampleIndex - matchSamples;
        return new Stretch(Math.Min(before + matchSamples, to), to);
    }
}
