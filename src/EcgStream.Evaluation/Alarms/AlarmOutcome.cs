using EcgStream.Core.Alarms;

namespace EcgStream.Evaluation.Alarms;

/// <summary>What the pipeline made of one record.</summary>
/// <param name="Fired">Our alarm of the same type was there within the last seconds of the record.</param>
/// <param name="Transitions">Everything that was told, with its time in seconds of the record.</param>
/// <param name="Problem">Why it could not be scored; it counts as suppressed then.</param>
internal sealed record AlarmOutcome(ChallengeAlarm Alarm, bool Fired, IReadOnlyList<ToldAlarm> Transitions, string? Problem = null)
{
    public bool IsError => Fired != Alarm.IsTrue;
}

/// <summary>A transition on the clock of the record.</summary>
internal readonly record struct ToldAlarm(double OnsetSeconds, double Seconds, AlarmCondition Condition, AlarmTransition Transition, string Message);
