namespace EcgStream.Core.Beats;

/// <summary>
/// Numbers that tell a beat from its patient's others. Ratios are natural logarithms, limited to ±2; what is not known is 0. Names on cards are those here in
/// snake case: <c>pre_ratio</c>. Those that end in 1 or 2 are of the first or second chosen lead.
/// </summary>
public enum BeatFeature
{
    /// <summary>RR before the beat over the median of the 8 RR intervals before that one.</summary>
    PreRatio,

    /// <summary>RR behind the beat, at most 1.4 s, over the same median.</summary>
    PostRatio,

    /// <summary>RR before the beat over the RR before that.</summary>
    PrePreRatio,

    /// <summary>RR behind over RR before.</summary>
    PostPreRatio,

    /// <summary>RR before the beat over the running mean of some 200 RR intervals.</summary>
    PreLongRatio,

    /// <summary>The median of 8 over the running mean.</summary>
    MedianLongRatio,

    /// <summary>RR before, seconds, at most 3.</summary>
    PreSeconds,

    /// <summary>RR behind, seconds, at most 1.4.</summary>
    PostSeconds,

    /// <summary>Median of 8 RR intervals, seconds.</summary>
    MedianSeconds,

    /// <summary>Mean absolute change from one RR interval to the next over the last 8, as a logarithm.</summary>
    Irregularity8,

    /// <summary>The same over the last 32.</summary>
    Irregularity32,

    /// <summary>Share of the last 32 RR intervals that are shorter than the one before the beat.</summary>
    PreRank,

    /// <summary>1 when no beat followed within 1.4 s.</summary>
    NextLate,

    /// <summary>Share of 32 RR intervals that are known.</summary>
    Known,

    /// <summary><see cref="PreRatio"/> of the beat before.</summary>
    LastPreRatio,

    /// <summary><see cref="QrsCorrelation1"/> of the beat before.</summary>
    LastCorrelation,

    /// <summary>Share of recent beats that looked like this one.</summary>
    ShapeShare,

    /// <summary>Correlation with the shape that it looks like most.</summary>
    ShapeCorrelation,

    /// <summary>1 when that shape is the patient's dominant one.</summary>
    ShapeIsDominant,

    /// <summary><see cref="PreRatio"/> over <see cref="Irregularity32"/>: how unusual the interval is for this patient, ±4.</summary>
    PreSurprise,

    /// <summary><see cref="PreLongRatio"/> over <see cref="Irregularity32"/>, ±4.</summary>
    PreLongSurprise,

    /// <summary>RR before the beat over the upper fifth of the last 32: where ectopic beats are many, sinus beats are the late ones.</summary>
    PreUpperRatio,

    /// <summary>RR behind the beat over the same.</summary>
    PostUpperRatio,

    /// <summary>The least <see cref="PreRatio"/> of the 16 beats before: a tachycardia that came at once, or one that grew.</summary>
    LeastPreRatio,

    /// <summary>Median change of the last 32 RR intervals between beats of the dominant shape, the least of three lags, over their median; 0 = not known.</summary>
    CalmIrregularity,

    /// <summary>Spread of those intervals within their most common lengths, over their median; 0 = not known.</summary>
    CalmSpread,

    /// <summary>1 = those intervals keep an order; near 0 in atrial fibrillation, where no early beat is an ectopic one.</summary>
    Order,

    /// <summary><see cref="PreRatio"/> times <see cref="Order"/>.</summary>
    OrderedPreRatio,

    /// <summary><see cref="PostRatio"/> times <see cref="Order"/>.</summary>
    OrderedPostRatio,

    /// <summary><see cref="PreLongRatio"/> times <see cref="Order"/>.</summary>
    OrderedPreLongRatio,

    /// <summary><see cref="PreUpperRatio"/> times <see cref="Order"/>.</summary>
    OrderedPreUpperRatio,

    /// <summary><see cref="PostUpperRatio"/> times <see cref="Order"/>.</summary>
    OrderedPostUpperRatio,

    /// <summary>Correlation of the QRS complex with the template's.</summary>
    QrsCorrelation1,

    /// <summary>Size of the QRS complex over the template's.</summary>
    QrsAmplitude1,

    /// <summary>Correlation of the P wave's place with the template's.</summary>
    PCorrelation1,

    /// <summary>Root mean square difference there over the size of the template's QRS complex.</summary>
    PDifference1,

    /// <summary>The same from the end of the QRS complex to the end of the T wave.</summary>
    TDifference1,

    /// <summary>Width of the QRS complex in tenths of a second: from the first to the last slope over a fifth of the steepest.</summary>
    Width1,

    /// <summary>Width over the running width of dominant beats.</summary>
    WidthRatio1,

    /// <summary>Size of the template at the P wave's place over that of its QRS complex.</summary>
    TemplateP1,

    /// <summary>Running width of dominant beats in tenths of a second.</summary>
    UsualWidth1,

    /// <summary>How much less the QRS complex correlates with the template than dominant beats usually do, as a logarithm.</summary>
    QrsSurprise1,

    /// <summary><see cref="PDifference1"/> over what it usually is in dominant beats, as a logarithm.</summary>
    PSurprise1,

    /// <summary><see cref="TDifference1"/> over what it usually is in dominant beats, as a logarithm.</summary>
    TSurprise1,

    /// <summary>As <see cref="QrsCorrelation1"/>.</summary>
    QrsCorrelation2,

    /// <summary>As <see cref="QrsAmplitude1"/>.</summary>
    QrsAmplitude2,

    /// <summary>As <see cref="PCorrelation1"/>.</summary>
    PCorrelation2,

    /// <summary>As <see cref="PDifference1"/>.</summary>
    PDifference2,

    /// <summary>As <see cref="TDifference1"/>.</summary>
    TDifference2,

    /// <summary>As <see cref="Width1"/>.</summary>
    Width2,

    /// <summary>As <see cref="WidthRatio1"/>.</summary>
    WidthRatio2,

    /// <summary>As <see cref="TemplateP1"/>.</summary>
    TemplateP2,

    /// <summary>As <see cref="UsualWidth1"/>.</summary>
    UsualWidth2,

    /// <summary>As <see cref="QrsSurprise1"/>.</summary>
    QrsSurprise2,

    /// <summary>As <see cref="PSurprise1"/>.</summary>
    PSurprise2,

    /// <summary>As <see cref="TSurprise1"/>.</summary>
    TSurprise2,
}
