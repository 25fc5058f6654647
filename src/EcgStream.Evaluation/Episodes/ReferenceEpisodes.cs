using EcgStream.Formats.Wfdb;

namespace EcgStream.Evaluation.Episodes;

/// <summary>The episodes that a record's annotations tell.</summary>
internal static class ReferenceEpisodes
{
    /// <summary>
    /// The sample from which on the annotations tell of this kind: nobody said anything of the atria before the first rhythm annotation, in a record that has any. (Record 64 of
    /// ltafdb has its first after 19 hours.)
    /// </summary>
    public static long ToldFrom(IEnumerable<WfdbAnnotation> annotations, EpisodeKind kind) => kind != EpisodeKind.AtrialFibrillation ? 0 : annotations
        .Where(annotation => annotation.Code == WfdbAnnotationCode.RhythmChange).Select(annotation => annotation.SampleIndex).FirstOrDefault();

    /// <summary>Episodes in order of time; they do not overlap. One that no annotation ends lasts to the record's end.</summary>
    /// <param name="annotations">In order of time.</param>
    /// <param name="samples">Of the record.</param>
    public static IReadOnlyList<Episode> Of(IEnumerable<WfdbAnnotation> annotations, EpisodeKind kind, long samples)
    {
        var episodes = new List<Episode>();
        var marked = false; // between [ and ]
        var rhythm = false;
        long start = -1;
        foreach (var annotation in annotations)
        {
            switch (annotation.Code)
            {
                case WfdbAnnotationCode.VentricularFlutterStart:
                    marked = kind == EpisodeKind.VentricularFibrillation;
                    break;
                case WfdbAnnotationCode.VentricularFlutterEnd:
                    // Some records close with ] what a rhythm annotation began.
                    marked = false;
                    rhythm &= kind != EpisodeKind.VentricularFibrillation;
                    break;
                case WfdbAnnotationCode.RhythmChange:
                    rhythm = kind.Is(annotation.Auxiliary ?? "");
                    break;
                default:
                    continue;
            }

            if (marked || rhythm)
            {
                start = start < 0 ? annotation.SampleIndex : start;
            }
            else
            {
                Close(annotation.SampleIndex);
            }
        }

        Close(samples);
        return episodes;

        void Close(long end)
        {
            if (start >= 0 && end > start)
            {
                episodes.Add(new Episode(start, end, start));
            }

            start = -1;
        }
    }
}
