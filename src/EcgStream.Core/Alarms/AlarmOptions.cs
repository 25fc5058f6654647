using System.ComponentModel.DataAnnotations;

namespace EcgStream.Core.Alarms;

/// <summary>
/// What the alarm rules decide by. Durations of rules that look at samples run on the device clock, so a recording replayed faster
/// raises the same alarms; <see cref="NoDataAfter"/>, <see cref="RhythmStaleAfter"/> and <see cref="LateResultGrace"/> run on the daemon's.
/// </summary>
public sealed class AlarmOptions : IValidatableObject
{
    public const string SectionName = "Alarms";

    /// <summary>
    /// Added to <see cref="Core.Arrhythmia.ArrhythmiaLimits.AsystoleSeconds"/> while no QRS was seen since the signal became analysable: a QRS detector sets its
    /// thresholds from the first two seconds. Less gives false alarms after each lead-off, more delays a true one. With the most of both, standstill is still
    /// alarmed within the 10 s of EC13.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:02", ParseLimitsInInvariantCulture = true)]
    public TimeSpan DetectorLearning { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>So many QRS within <see cref="AsystoleClearWithin"/> end asystole; one artefact or lone escape beat does not.</summary>
    [Range(1, 10)]
    public int AsystoleClearQrs { get; set; } = 3;

    /// <summary>See <see cref="AsystoleClearQrs"/>. At 30/min, the slowest rate of EC13's meter, three QRS take 4 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30", ParseLimitsInInvariantCulture = true)]
    public TimeSpan AsystoleClearWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Asystole ends (high: latches) when the signal could not be analysed for so long: the alarm is a technical one then.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SignalLossHold { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>An electrode must be off so long before lead-off is raised, or raised in priority.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LeadOffAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Every electrode must be on so long before lead-off ends; not less than <see cref="LeadOffAfter"/>, or a loose one makes a storm.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LeadOnAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>No lead showed a signal that beats could be told in for so long: arrhythmia analysis is suspended, and that is told.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SuspendedAfter { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>A usable signal for so long ends it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ResumedAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Samples arrive, but nothing of them was analysed for so long, whatever the cause: that is told. On the daemon's clock.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan NotAnalysedAfter { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>What happens rather than lasts (couplet, R on T, pause …) is shown for so long after it happened last. Less makes a storm of one cause.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan EventHold { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Irregular intervals for so long are an irregular rhythm.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan IrregularAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Atrial fibrillation and irregular rhythm end when nothing has spoken for them for so long.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RhythmSettle { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A session that has not said it ends and sends nothing for so long has lost its link.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan NoDataAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>M: rhythm is judged over the last M windows of a model that count.</summary>
    [Range(1, 60)]
    public int RhythmWindows { get; set; } = 7;

    /// <summary>N: so many abnormal ones among the last M raise.</summary>
    [Range(1, 60)]
    public int RhythmRaise { get; set; } = 5;

    /// <summary>K: so many normal ones among the last M end the condition. N + K must exceed M, or both would hold at once.</summary>
    [Range(1, 60)]
    public int RhythmClear { get; set; } = 5;

    /// <summary>
    /// A window counts only if it ends at least so long after the one counted before. Windows of 10 s that start 1 s apart share 90 %
    /// of their samples; with a shorter hop, N of M would be the same second looked at N times.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RhythmStep { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Windows so much older than the newest no longer count, so that evidence from before a long lead-off is not carried on.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RhythmMaxAge { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Abnormal rhythm ends when no window that counts came for so long: nothing says that it still holds.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RhythmStaleAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after the end of a session results that were still being computed may raise, before its rhythm alarm ends.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LateResultGrace { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Changed evidence is told at most once in this time; a rise in priority at once.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan UpdateInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A probability that moved by so much is changed evidence.</summary>
    [Range(0.01, 1.0)]
    public double RhythmUpdateMinChange { get; set; } = 0.1;

    /// <summary>The longest audio pause that may be asked for.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan AudioPauseLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A high alarm raised during an audio pause sounds nevertheless. Off is what some monitors do: the pause holds until it expires.</summary>
    public bool HighBreaksThroughAudioPause { get; set; } = true;

    /// <summary>The rules between settings; each says which key must change.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RhythmRaise > RhythmWindows)
        {
            yield return Fault($"{nameof(RhythmRaise)} ({RhythmRaise}) must not exceed {nameof(RhythmWindows)} ({RhythmWindows}).", nameof(RhythmRaise));
        }

        if (RhythmClear > RhythmWindows)
        {
            yield return Fault($"{nameof(RhythmClear)} ({RhythmClear}) must not exceed {nameof(RhythmWindows)} ({RhythmWindows}).", nameof(RhythmClear));
        }

        if (RhythmRaise + RhythmClear <= RhythmWindows)
        {
            yield return Fault(
                $"{nameof(RhythmRaise)} + {nameof(RhythmClear)} ({RhythmRaise} + {RhythmClear}) must exceed {nameof(RhythmWindows)} ({RhythmWindows}), or one history would both raise and clear.",
                nameof(RhythmClear));
        }

        if (LeadOnAfter < LeadOffAfter)
        {
            yield return Fault($"{nameof(LeadOnAfter)} ({LeadOnAfter}) must not be less than {nameof(LeadOffAfter)} ({LeadOffAfter}).", nameof(LeadOnAfter));
        }

        if (RhythmMaxAge < RhythmStep * RhythmWindows)
        {
            yield return Fault(
                $"{nameof(RhythmMaxAge)} ({RhythmMaxAge}) must hold {nameof(RhythmWindows)} windows {nameof(RhythmStep)} apart ({RhythmWindows} x {RhythmStep}).",
                nameof(RhythmMaxAge));
        }

        if (RhythmStaleAfter < RhythmStep)
        {
            yield return Fault($"{nameof(RhythmStaleAfter)} ({RhythmStaleAfter}) must not be less than {nameof(RhythmStep)} ({RhythmStep}).", nameof(RhythmStaleAfter));
        }
    }

    private static ValidationResult Fault(string message, string member) => new($"{SectionName}:{message}", [member]);
}
