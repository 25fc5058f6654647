using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms;

/// <summary>
/// One condition of one device: what it makes of each kind of input, each of which it may leave alone. It says when its own condition begins, changes
/// and ends, whatever else is wrong; which of overlapping conditions is told is for <see cref="AlarmLedger"/>. Not thread-safe.
/// </summary>
internal abstract class AlarmRule(AlarmCondition condition)
{
    public AlarmCondition Condition => condition;

    public bool Present { get; protected set; }

    /// <summary>It happens rather than lasts: while a worse condition is told in its place it is over, and is not told when that one ends.</summary>
    public virtual bool IsEvent => false;

    /// <summary>Whether the limits let this condition raise alarms. It goes on being judged, so that it can be switched on at any time.</summary>
    public virtual bool IsOn(ArrhythmiaLimits limits) => true;

    /// <summary>Takes the condition over as the journal has it: present, until new inputs say otherwise.</summary>
    public abstract void Restore(AlarmTransitionRecord open);

    /// <summary>As before any input.</summary>
    public abstract void Reset();

    /// <summary>The signal after a chunk, in the order of the device clock.</summary>
    public virtual RuleDecision OnStatus(in SignalStatus status) => default;

    /// <summary>A beat as the detector finds it, before any model looked at it; in order.</summary>
    public virtual RuleDecision OnDetected(in Beat beat) => default;

    /// <summary>The classes of the beats up to the newest; statuses of later samples may have come before.</summary>
    public virtual RuleDecision OnClassified(VentricularActivity beats) => default;

    /// <summary>No samples come any more, or none that show anything: nothing says that the condition goes on.</summary>
    public virtual RuleDecision OnSignalLost(long timeUnixNs, string why) => default;

    /// <summary>The session is over; results that are still being computed may come for a while.</summary>
    public virtual RuleDecision OnSessionEnded(long timeUnixNs, string why) => OnSignalLost(timeUnixNs, why);
}
