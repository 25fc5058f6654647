using EcgStream.Core.Arrhythmia;

namespace EcgStream.Core.Vitals;

/// <summary>
/// State of one device's signal every 100 ms of it, on the device clock. It is what the rules for asystole, lead-off and rate look at. The same samples give the same
/// states in whatever chunks they come.
/// </summary>
/// <param name="DeviceId">Whose signal.</param>
/// <param name="SessionId">Session of the device.</param>
/// <param name="TimeUnixNs">Device clock at the end of the last processed sample.</param>
/// <param name="LastQrsUnixNs">Device clock of the last R peak; null when the session has had none yet.</param>
/// <param name="AnalysableSinceUnixNs">Since when at least one lead could be analysed (electrodes on, not saturated), breaks of up to 2 s apart; null when none can now.</param>
/// <param name="HeartRateBpm">Mean rate, null when not known.</param>
/// <param name="LeadsOff">Bit per lead (1 &lt;&lt; (int)Lead): an electrode that the lead needs is off.</param>
/// <param name="LeadsPresent">Bit per lead that the session carries.</param>
/// <param name="IngestTimestamp">Timestamp at which the chunk came in.</param>
public readonly record struct SignalStatus(
    string DeviceId,
    ulong SessionId,
    long TimeUnixNs,
    long? LastQrsUnixNs,
    long? AnalysableSinceUnixNs,
    float? HeartRateBpm,
    uint LeadsOff,
    uint LeadsPresent,
    long IngestTimestamp)
{
    /// <summary>Bit per lead: flat, saturated or noisy in the last whole second.</summary>
    public uint LeadsPoor { get; init; }

    /// <summary>Bit per lead: so flat in the last whole second that nothing can be seen in it; part of <see cref="LeadsPoor"/>.</summary>
    public uint LeadsFlat { get; init; }

    /// <summary>Bit per lead: did not move at all in the last whole second, as no electrode on a skin does; part of <see cref="LeadsFlat"/>.</summary>
    public uint LeadsDead { get; init; }

    /// <summary>Shape of the last 4 s, judged at the last whole second.</summary>
    public WaveMeasure Waves { get; init; }

    /// <summary>By how much the device's clock was set since the session began: times less this never step.</summary>
    public long ClockStepsNs { get; init; }

    /// <summary>
    /// So much of the time since the last QRS complex, or since the signal could be analysed, does not count as without one: half of what gaps and lost leads hid, and the
    /// last moment, of which the detector may still tell.
    /// </summary>
    public long UnknownNs { get; init; }

    /// <summary>Nothing was looked at since the state before, or the detector has not heard enough yet to find beats.</summary>
    public bool NotAnalysed { get; init; }

    /// <summary>Every lead with its electrodes on is dead: nothing is connected, or the device holds a value.</summary>
    public bool AllLeadsDead => (LeadsPresent & ~LeadsOff) is var on && on != 0 && (LeadsDead & on) == on;

    /// <summary>Every lead of the session is off.</summary>
    public bool AllLeadsOff => LeadsPresent != 0 && (LeadsOff & LeadsPresent) == LeadsPresent;
}
