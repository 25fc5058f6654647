using System.Globalization;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms;

/// <summary>
/// Electrodes off: low while some leads are without one, medium while all are. Raised after <see cref="AlarmOptions.LeadOffAfter"/>,
/// ended (or lowered) after <see cref="AlarmOptions.LeadOnAfter"/> without a break. Other leads than before are told as an update, at
/// most one in <see cref="AlarmOptions.UpdateInterval"/>.
/// </summary>
internal sealed class LeadOffRule(AlarmOptions options) : AlarmRule(AlarmCondition.LeadOff)
{
    public const string Source = "rule/lead-off";

    private readonly long _off = options.LeadOffAfter.Nanoseconds();
    private readonly long _on = options.LeadOnAfter.Nanoseconds();
    private readonly long _updateInterval = options.UpdateInterval.Nanoseconds();
    private Debounce _any;
    private Debounce _all;
    private uint _toldLeads;
    private long _toldAt;

    /// <summary>That all leads are off is told, or will be before long.</summary>
    public bool TellsAll => _all.On;

    public override void Restore(AlarmTransitionRecord open)
    {
        Present = true;
        _any.Set(true, open.OnsetUnixNs);
        _all.Set(open.Priority == AlarmPriority.Medium, open.OnsetUnixNs);
        _toldAt = open.EventUnixNs;
    }

    public override void Reset()
    {
        Present = false;
        _any = default;
        _all = default;
        _toldLeads = 0;
    }

    /// <summary>The session is over; nobody knows of its electrodes any more.</summary>
    public override RuleDecision OnSessionEnded(long timeUnixNs, string why)
    {
        var was = Present;
        Reset();
        return was ? End(timeUnixNs, why) : default;
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        var leads = status.LeadsOff & status.LeadsPresent;
        var time = status.TimeUnixNs;
        var anyTurned = _any.Next(leads != 0, time, _off, _on);
        var allTurned = _all.Next(status.AllLeadsOff, time, _off, _on);
        if (anyTurned && !_any.On)
        {
            Reset();
            return End(time, "Leads on");
        }

        if (anyTurned)
        {
            Present = true;
            return Tell(RuleSignal.Begin, leads, time);
        }

        // While the last lead is being debounced on, the mask is empty: the text that named the leads stays.
        var leadsChanged = leads != 0 && leads != _toldLeads && (time - _toldAt >= _updateInterval || time < _toldAt);
        return _any.On && (allTurned || leadsChanged) ? Tell(RuleSignal.Change, leads, time) : default;
    }

    private RuleDecision Tell(RuleSignal signal, uint leads, long time)
    {
        (_toldLeads, _toldAt) = (leads, time);
        var priority = _all.On ? AlarmPriority.Medium : AlarmPriority.Low;
        var text = _all.On ? "All leads off" : leads == 0 ? "Leads were off" : "Leads off: " + Names(leads);
        return new RuleDecision(signal, priority, _any.SinceUnixNs, time, text, Source, uint.PopCount(leads), DeviceTime.One);
    }

    private static RuleDecision End(long timeUnixNs, string text) =>
        new(RuleSignal.End, AlarmPriority.Low, 0, timeUnixNs, text, Source, 0, DeviceTime.One);

    private static string Names(uint leads)
    {
        var names = new List<string>(LeadNames.StandardTwelve.Count);
        for (var number = 1; number < 32; number++)
        {
            if ((leads & (1u << number)) != 0)
            {
                names.Add(LeadNames.IsDefined(number) ? ((Lead)number).Name() : number.ToString(CultureInfo.InvariantCulture));
            }
        }

        return string.Join(", ", names);
    }
}
