using EcgStream.Evaluation.Ec57;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Tests.Ec57;

/// <summary>Annotations written short: a symbol and a sample each.</summary>
internal static class Tracks
{
    public const double Rate = 360;

    /// <summary>The standard's span over a record of 10 minutes.</summary>
    public static ScoredSpan Span { get; } = ScoredSpan.Of(Rate, 216_000);

    /// <summary>First sample that is compared.</summary>
    public const int Start = 108_000;

    public static WfdbAnnotation[] Annotations(params (char Symbol, long At)[] marks) => [.. marks.Select(mark => Annotation(mark.Symbol, mark.At))];

    public static BeatTrack Beats(params (char Symbol, long At)[] marks) => new(Annotations(marks), EscapeBeats.Supraventricular, Span.Match);

    public static BeatTable Compare(BeatTrack reference, BeatTrack test) => BeatComparison.Compare(reference, test, Span, Rate);

    // '#' begins an unreadable stretch, '~' ends it; '{' begins atrial fibrillation, '}' ends it.
    private static WfdbAnnotation Annotation(char symbol, long at) => symbol switch
    {
        '#' => new(at, WfdbAnnotationCode.SignalQualityChange, 0x30),
        '{' => new(at, WfdbAnnotationCode.RhythmChange, Auxiliary: "(AFIB"),
        '}' => new(at, WfdbAnnotationCode.RhythmChange, Auxiliary: "(N"),
        _ => WfdbAnnotationCodes.TryParse(symbol, out var code) ? new(at, code) : throw new ArgumentException($"{symbol} is no annotation"),
    };
}
