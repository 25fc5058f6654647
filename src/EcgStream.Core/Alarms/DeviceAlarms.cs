using EcgStream.Core.Alarms.Rules;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms;

/// <summary>
/// All alarms of one device: hands each input to the rules, in the order of their table, and what they decide to the ledger of open episodes. Deterministic
/// given its inputs and its clock. Not thread-safe: the caller lets one thread in at a time. Transitions are appended to the list that each call is given, in
/// order; nothing is allocated when nothing changes.
/// <para>
/// A condition that comes back while its last episode is latched closes that episode and raises a new one, with its own id and onset; so
/// does a rise in priority after an acknowledgement, and any fall in priority. What was seen before never hides what is new, and within
/// one episode the priority never falls, so that whoever follows from some priority on sees each episode to its end.
/// </para>
/// </summary>
public sealed class DeviceAlarms
{
    private readonly AlarmOptions _options;
    private readonly TimeProvider _clock;
    private readonly LimitSource _limits;
    private readonly VentricularActivity _ventricular = new();
    private readonly FibrillationEvidence _fibrillation;
    private readonly AlarmRule[] _rules;
    private readonly AlarmLedger _ledger;
    private readonly AtrialFibrillationRule _atrial;
    private readonly AbnormalRhythmRule _rhythm;
    private readonly NoDataRule _noData;
    private readonly NotAnalysedRule _notAnalysed;
    private ulong? _sessionId;
    private bool _sessionEnded;
    private bool _forgotten;
    private bool _restored;
    private long _sessionEndedAt;
    private long _lastEvidenceAt;
    private long _clockStepsNs;
    private long _decidedUntilUnixNs = long.MinValue;

    /// <param name="limits">Null for the defaults.</param>
    public DeviceAlarms(string deviceId, AlarmOptions options, TimeProvider clock, ArrhythmiaLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        DeviceId = deviceId;
        _options = options;
        _clock = clock;
        _limits = new LimitSource(limits ?? new ArrhythmiaLimits());
        _fibrillation = new FibrillationEvidence(options.RhythmWindows, options.RhythmMaxAge.Nanoseconds(), options.RhythmStaleAfter.Nanoseconds());
        _noData = new NoDataRule(options, clock);
        _rhythm = new AbnormalRhythmRule(options);
        _atrial = new AtrialFibrillationRule(_limits, options);
        var leadOff = new LeadOffRule(options);
        var suspended = new AnalysisSuspendedRule(_limits, options);
        _notAnalysed = new NotAnalysedRule(options, clock, () => leadOff.TellsAll || suspended.Present || _noData.Present);

        // Worst first. NoData leads: it tells that there is nothing to judge, before anything ends for want of it.
        _rules =
        [
            _noData,
            new FibrillationRule(_limits),
            new AsystoleRule(options, _limits),
            new VentricularTachycardiaRule(_limits),
            new ExtremeRateRule(AlarmCondition.ExtremeTachycardia, _limits),
            new ExtremeRateRule(AlarmCondition.ExtremeBradycardia, _limits),
            new VentricularRunRule(_limits, options),
            new ROnTRule(_limits, options),
            new PauseRule(_limits, options),
            new RateRule(AlarmCondition.HighRate, _limits),
            new RateRule(AlarmCondition.LowRate, _limits),
            _atrial,
            _rhythm,
            new CoupletRule(_limits, options),
            new BigeminyRule(AlarmCondition.VentricularBigeminy, _limits, options),
            new BigeminyRule(AlarmCondition.VentricularTrigeminy, _limits, options),
            new FrequentPrematureRule(_limits),
            new IrregularRhythmRule(_limits, options, _fibrillation.Intervals),
            leadOff,
            suspended,
            _notAnalysed,
        ];
        _ledger = new AlarmLedger(deviceId, _rules, _limits.Current, clock);
    }

    public string DeviceId { get; }

    /// <summary>The audio pause that was set last, over or not; null when none was, or it was cancelled.</summary>
    public AudioPause? AudioPause => _ledger.AudioPause;

    public ArrhythmiaLimits Limits => _limits.Current;

    /// <summary>How irregular the last intervals are (see <see cref="RrIrregularity"/>); null while too few are known.</summary>
    public double? Irregularity => _fibrillation.Intervals.Value;

    /// <summary>The session ended or never was, no alarm is open and no result can come any more: the device may be dropped.</summary>
    public bool IsIdle => (_sessionEnded || HadOnlyLatched) && _ledger.IsEmpty && (_forgotten || GraceIsOver());

    /// <summary>A restart found latched alarms and the device has not come back: nothing is expected of it.</summary>
    private bool HadOnlyLatched => _restored && _sessionId is null && !_noData.IsWatching;

    /// <summary>The last transition of each open alarm.</summary>
    public IEnumerable<AlarmTransitionRecord> Open() => _ledger.Open();

    /// <summary>Whether a condition holds now, told or not: a worse one may be told in its place, or its limits may not let it alarm.</summary>
    public bool IsPresent(AlarmCondition condition)
    {
        foreach (var rule in _rules)
        {
            if (rule.Condition == condition)
            {
                return rule.Present;
            }
        }

        return false;
    }

    /// <summary>Goes on with an alarm that was open when the daemon stopped. Call before any input; false if this version does not know its condition.</summary>
    public bool Restore(AlarmTransitionRecord open)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (open.DeviceId != DeviceId || !open.IsOpen)
        {
            throw new ArgumentException($"Alarm {open.AlarmId} is not an open alarm of this device.", nameof(open));
        }

        if (!_ledger.Restore(open))
        {
            return false;
        }

        _restored = true;
        _lastEvidenceAt = _clock.GetTimestamp();
        if (open.Condition != AlarmCondition.NoData || open.State == AlarmState.Latched)
        {
            _noData.Restore(open);
        }

        DecidedUntil(open.EventUnixNs);
        return true;
    }

    /// <summary>
    /// Replayed inputs up to this device time were decided before the restart: they only tell which session runs and what the beats were. Set from the
    /// newest transition that is stored of the device; without it a replay would raise again what was seen and cleared.
    /// </summary>
    public void DecidedUntil(long deviceTimeUnixNs) => _decidedUntilUnixNs = Math.Max(_decidedUntilUnixNs, deviceTimeUnixNs);

    /// <summary>Judges by other limits from now on. What they switch off ends, what they switch on is told if it is present.</summary>
    public void SetLimits(ArrhythmiaLimits limits, List<AlarmTransitionRecord> transitions)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits.Current = limits;
        _ledger.Use(limits, _noData.EstimateDeviceTime(), _sessionId ?? 0, transitions);
    }

    /// <summary>Takes the state of the signal after a chunk. Statuses of one session come in the order of the device clock.</summary>
    /// <param name="replayed">The chunk comes from the journal's tail at start, see <see cref="DecidedUntil"/>.</param>
    public void OnStatus(in SignalStatus status, List<AlarmTransitionRecord> transitions, bool replayed = false)
    {
        if (replayed && status.TimeUnixNs <= _decidedUntilUnixNs)
        {
            (_sessionId, _sessionEnded, _forgotten) = (status.SessionId, false, false);
            _noData.Expect(status.TimeUnixNs);
            return;
        }

        if (_sessionId != status.SessionId || _forgotten)
        {
            if (_sessionId is not null && !_sessionEnded)
            {
                EndSession("Another session began", transitions);
            }

            // Before anything else of the new session: its patient may be another one.
            CloseLate(_sessionId is not null, "Another session began", transitions);
            (_sessionId, _sessionEnded, _forgotten) = (status.SessionId, false, false);
        }

        _ledger.HoldsBack = status.AnalysableSinceUnixNs is null || status.AllLeadsOff;
        Take(_noData, _noData.OnData(status.TimeUnixNs), transitions);
        _notAnalysed.OnArrival(status.TimeUnixNs);

        // The rules' clock is never set, so that no step of the device's makes or hides a condition.
        _clockStepsNs = status.ClockStepsNs;
        var steady = _clockStepsNs == 0 ? status : Steady(status);
        foreach (var rule in _rules)
        {
            TakeSteady(rule, rule.OnStatus(steady), transitions);
        }
    }

    /// <summary>Samples came in, whether or not anything can be made of them: a status follows where it can.</summary>
    public void OnArrival() => _notAnalysed.OnArrival(_noData.EstimateDeviceTime());

    /// <summary>Takes a beat as the detector found it, before the status of its chunk. Beats of one session come in order.</summary>
    public void OnBeat(in Beat beat, List<AlarmTransitionRecord> transitions, bool replayed = false)
    {
        if (_sessionId != beat.SessionId || _sessionEnded)
        {
            return; // the first chunk of a session, whose status comes after its beats
        }

        _fibrillation.Intervals.Add(beat);
        if (replayed && beat.TimeUnixNs <= _decidedUntilUnixNs)
        {
            return;
        }

        var steady = beat.ClockStepsNs == 0 ? beat : Steady(beat);
        foreach (var rule in _rules)
        {
            TakeSteady(rule, rule.OnDetected(steady), transitions);
        }

        // On the device's own clock, as the windows that it waits for.
        Take(_atrial, _atrial.OnInterval(_fibrillation, beat.TimeUnixNs), transitions);
    }

    /// <summary>
    /// Takes what a model made of a beat; beats of one session in order, each once, statuses of later samples may have come before. False if it was not
    /// evidence: it is of another session than the present one.
    /// </summary>
    public bool OnBeat(in ClassifiedBeat beat, List<AlarmTransitionRecord> transitions, bool replayed = false)
    {
        if (_forgotten || _sessionId != beat.Beat.SessionId || (_sessionEnded && GraceIsOver()))
        {
            return false;
        }

        _ventricular.Add(beat.Beat.ClockStepsNs == 0 ? beat : beat with { Beat = Steady(beat.Beat) });
        if (replayed && beat.Beat.TimeUnixNs <= _decidedUntilUnixNs)
        {
            return false;
        }

        foreach (var rule in _rules)
        {
            TakeSteady(rule, rule.OnClassified(_ventricular), transitions);
        }

        return true;
    }

    /// <summary>Takes what a model said. Results of a session other than the device's present one are not evidence; false then.</summary>
    public bool OnResult(RhythmResult result, List<AlarmTransitionRecord> transitions, bool replayed = false)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_forgotten || (replayed && result.EndUnixNs <= _decidedUntilUnixNs))
        {
            return false;
        }

        if (_sessionId is null)
        {
            _sessionId = result.SessionId;
            _noData.Anchor(result.EndUnixNs);
        }

        if (_sessionId != result.SessionId || (_sessionEnded && GraceIsOver()))
        {
            return false;
        }

        var decision = _rhythm.OnResult(result, out var counted);
        if (counted)
        {
            _lastEvidenceAt = _clock.GetTimestamp();
        }

        Take(_rhythm, decision, transitions);
        if (_fibrillation.Add(result))
        {
            Take(_atrial, _atrial.OnEvidence(_fibrillation, result.EndUnixNs), transitions);
        }

        return counted;
    }

    /// <summary>The device said that its session is over. Its conditions end; rhythm waits for results that are still being computed.</summary>
    public void OnSessionEnded(ulong sessionId, List<AlarmTransitionRecord> transitions, bool replayed = false)
    {
        _sessionId ??= sessionId;
        if (_sessionId != sessionId || _sessionEnded)
        {
            return;
        }

        if (replayed && _noData.LastDeviceTimeUnixNs <= _decidedUntilUnixNs)
        {
            (_sessionEnded, _sessionEndedAt) = (true, _clock.GetTimestamp());
            _noData.ExpectNothing();
        }
        else
        {
            EndSession("The session ended", transitions);
        }
    }

    /// <summary>
    /// The device has been silent for so long that nothing more is expected of it. Ends what is open as the end of a session does, but a loss of
    /// data that nobody has seen yet stays, latched, until somebody acknowledges it: a device must not vanish from the list unseen.
    /// </summary>
    public void OnForgotten(List<AlarmTransitionRecord> transitions)
    {
        const string Why = "Device forgotten after silence";
        if (!_sessionEnded)
        {
            if (_ledger[AlarmCondition.NoData] is { State: AlarmState.Active } && _noData.OnSilenceExpected(Why) is { Signal: RuleSignal.End } end)
            {
                _ledger.Latch(_noData, end, transitions);
            }

            EndSession(Why, transitions, Why);
        }

        CloseLate(true, Why, transitions);
        _forgotten = true;
    }

    /// <summary>
    /// Somebody said that the patient is gone, or nobody has asked for too long: whatever is open is cleared, seen or
    /// not, and nothing is expected of the device. Samples that come after this begin anew.
    /// </summary>
    /// <param name="why">Stands behind the message of each alarm that it clears.</param>
    public void OnDischarged(string why, List<AlarmTransitionRecord> transitions)
    {
        _ledger.HoldsBack = true;
        _ledger.CloseAll(_noData.EstimateDeviceTime(), why, transitions);
        _ledger.AudioPause = null;
        if (!_sessionEnded)
        {
            EndSession(why, transitions, why);
        }

        CloseLate(true, why, transitions);
        _forgotten = true;
    }

    /// <summary>What only the passing of time decides: call a few times a second.</summary>
    public void OnTick(List<AlarmTransitionRecord> transitions)
    {
        var noData = _noData.OnTick();
        Take(_noData, noData, transitions);
        if (noData.Signal == RuleSignal.Begin)
        {
            _ledger.HoldsBack = true;
            foreach (var rule in _rules)
            {
                Take(rule, rule.OnSignalLost(noData.EventUnixNs, "no data"), transitions);
            }
        }

        Take(_notAnalysed, _notAnalysed.OnTick(_noData.EstimateDeviceTime()), transitions);
        if (_sessionEnded)
        {
            CloseLate(GraceIsOver(), "The session ended", transitions);
        }
        else if (_clock.GetElapsedTime(_lastEvidenceAt) >= _options.RhythmStaleAfter)
        {
            const string Why = "Rhythm no longer assessed";
            var now = _noData.EstimateDeviceTime();
            CloseRhythm(Why, transitions);
            _fibrillation.ForgetWindows();
            if (now - _fibrillation.Intervals.NewestUnixNs >= _options.RhythmStaleAfter.Nanoseconds())
            {
                Take(_atrial, _atrial.OnSignalLost(now, Why), transitions);
            }
        }
    }

    /// <summary>Somebody has seen the alarm. A latched one is cleared by it: two transitions.</summary>
    public AcknowledgeOutcome Acknowledge(string alarmId, string user, List<AlarmTransitionRecord> transitions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return _ledger.Acknowledge(alarmId, user, _noData.EstimateDeviceTime(), transitions);
    }

    /// <summary>Silences the sound of this device's alarms for a time.</summary>
    public AudioPause PauseAudio(TimeSpan duration, string user)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, _options.AudioPauseLimit);
        return _ledger.AudioPause = new AudioPause(_clock.GetTimestamp(), duration, user);
    }

    public void CancelAudioPause() => _ledger.AudioPause = null;

    /// <summary>Whether the alarm of this condition sounds now: active or latched, and not paused, or high and raised during the pause.</summary>
    public bool IsAudible(AlarmCondition condition) =>
        _ledger[condition] is { State: AlarmState.Active or AlarmState.Latched } alarm
        && (!_ledger.IsPaused || (_options.HighBreaksThroughAudioPause && alarm is { RaisedInPause: true, Last.Priority: AlarmPriority.High }));

    private void EndSession(string why, List<AlarmTransitionRecord> transitions, string whyDataMayEnd = "The session ended")
    {
        var now = _noData.EstimateDeviceTime();
        _ledger.HoldsBack = true;
        (_sessionEnded, _sessionEndedAt) = (true, _clock.GetTimestamp());
        Take(_noData, _noData.OnSilenceExpected(whyDataMayEnd), transitions);
        foreach (var rule in _rules)
        {
            Take(rule, rule.OnSessionEnded(now, why), transitions);
        }

        _fibrillation.Intervals.Reset();
    }

    /// <summary>What results and classes of beats that came after the end of the session may still have raised ends, and nothing of it is carried on.</summary>
    private void CloseLate(bool due, string why, List<AlarmTransitionRecord> transitions)
    {
        if (!due)
        {
            return;
        }

        _ledger.HoldsBack = true;
        CloseRhythm(why, transitions);
        var now = _noData.EstimateDeviceTime();
        foreach (var rule in _rules)
        {
            if (rule is ArrhythmiaRule)
            {
                Take(rule, rule.OnSignalLost(now, why), transitions);
                rule.Reset();
            }
        }

        _ventricular.Reset();
        _fibrillation.Reset();
    }

    private void CloseRhythm(string why, List<AlarmTransitionRecord> transitions)
    {
        var now = _noData.EstimateDeviceTime();
        Take(_rhythm, _rhythm.End(now, why), transitions);
        _rhythm.Reset();
    }

    private void Take(AlarmRule rule, in RuleDecision decision, List<AlarmTransitionRecord> transitions) =>
        _ledger.Take(rule, decision, _sessionId ?? 0, transitions);

    // What a rule decided on its own clock, which is never set, told on the device's.
    private void TakeSteady(AlarmRule rule, in RuleDecision decision, List<AlarmTransitionRecord> transitions)
    {
        if (decision.Signal == RuleSignal.None)
        {
            return;
        }

        Take(
            rule,
            decision with
            {
                OnsetUnixNs = decision.OnsetUnixNs == 0 ? 0 : decision.OnsetUnixNs + _clockStepsNs,
                EventUnixNs = decision.EventUnixNs + _clockStepsNs,
            },
            transitions);
    }

    private static Beat Steady(in Beat beat) => beat with { TimeUnixNs = beat.TimeUnixNs - beat.ClockStepsNs };

    private static SignalStatus Steady(in SignalStatus status) => status with
    {
        TimeUnixNs = status.TimeUnixNs - status.ClockStepsNs,
        LastQrsUnixNs = status.LastQrsUnixNs - status.ClockStepsNs,
        AnalysableSinceUnixNs = status.AnalysableSinceUnixNs - status.ClockStepsNs,
        Waves = status.Waves with { EndUnixNs = status.Waves.EndUnixNs == 0 ? 0 : status.Waves.EndUnixNs - status.ClockStepsNs },
    };

    /// <summary>No late result can come any more: the grace counts from the end of the session or the last result that counted.</summary>
    private bool GraceIsOver() =>
        _clock.GetElapsedTime(Math.Max(_sessionEndedAt, _lastEvidenceAt)) >= _options.LateResultGrace;
}
