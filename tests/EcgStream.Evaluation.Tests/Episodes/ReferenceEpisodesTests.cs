using EcgStream.Evaluation.Episodes;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Tests.Episodes;

public sealed class ReferenceEpisodesTests
{
    [Fact]
    public void Of_MarksOfFlutter_MakeAnEpisode() =>
        Assert.Equal([(100, 300)], Of(EpisodeKind.VentricularFibrillation, ("[", 100), ("!", 150), ("!", 200), ("]", 300)));

    [Fact]
    public void Of_FibrillationThatBecomesFlutter_IsOneEpisode() =>
        Assert.Equal([(100, 400)], Of(EpisodeKind.VentricularFibrillation, ("(VF", 100), ("(VFL", 250), ("(N", 400)));

    [Fact]
    public void Of_RhythmThatNoAnnotationEnds_LastsToTheRecordsEnd() =>
        Assert.Equal([(700, 1000)], Of(EpisodeKind.VentricularTachycardia, ("(N", 0), ("(VT", 700)));

    [Fact]
    public void Of_BracketBehindARhythm_EndsTheEpisode() =>
        Assert.Equal([(100, 200), (500, 600)], Of(EpisodeKind.VentricularFibrillation, ("(VF", 100), ("]", 200), ("[", 500), ("]", 600)));

    [Fact]
    public void Of_OtherRhythms_AreNoEpisodes()
    {
        (string, long)[] marks = [("(N", 0), ("(AFIB", 100), ("(AFL", 200), ("(VT", 300), ("(SVTA", 400)];

        Assert.Equal([(300, 400)], Of(EpisodeKind.VentricularTachycardia, marks));
        Assert.Equal([(100, 300)], Of(EpisodeKind.AtrialFibrillation, marks));
        Assert.Empty(Of(EpisodeKind.VentricularFibrillation, marks));
    }

    [Fact]
    public void Of_AtrialFibrillationAndMarksOfFlutter_AreApart() =>
        Assert.Equal([(100, 400)], Of(EpisodeKind.AtrialFibrillation, ("(AFIB", 100), ("[", 200), ("]", 300), ("(N", 400)));

    [Fact]
    public void ToldFrom_BeforeTheFirstRhythm_NothingIsSaidOfTheAtria()
    {
        WfdbAnnotation[] annotations = [Annotation("N", 100), Annotation("(AFIB", 700), Annotation("(N", 800)];

        Assert.Equal(700, ReferenceEpisodes.ToldFrom(annotations, EpisodeKind.AtrialFibrillation));
        Assert.Equal(0, ReferenceEpisodes.ToldFrom(annotations, EpisodeKind.VentricularFibrillation));
        Assert.Equal(0, ReferenceEpisodes.ToldFrom(annotations[..1], EpisodeKind.AtrialFibrillation));
    }

    private static IEnumerable<(long, long)> Of(EpisodeKind kind, params (string Text, long At)[] marks) =>
        ReferenceEpisodes.Of(marks.Select(mark => Annotation(mark.Text, mark.At)), kind, 1000).Select(episode => (episode.Start, episode.End));

    private static WfdbAnnotation Annotation(string text, long at) => text[0] == '('
        ? new(at, WfdbAnnotationCode.RhythmChange, Auxiliary: text)
        : WfdbAnnotationCodes.TryParse(text[0], out var code) ? new(at, code) : throw new ArgumentException($"{text} is no annotation");
}
