using EcgStream.Core.Results;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms;

/// <summary>
/// All alarms of one device: feeds the rules and keeps at most one open episode per condition. Deterministic given its inputs and its clock.
/// Not thread-safe: the caller lets one thread in at a time. Transitions are appended to the list that each call is given, in order;
/// nothing is allocated when nothing changes.
/// <para>
/// A condition that comes back while its last episode is latched closes that episode and raises a new one, with its own id and onset; so
/// does a rise in priority after an acknowledgement, and any fall in priority. What was seen before never hides what is new, and within
/// one episode the priority never falls, so that whoever follows from some priority on sees each episode to its end.
/// </para>
/// </summary>
public sealed class DeviceAlarms
{
    private static readonly AlarmCondition[] Conditions =
        [AlarmCondition.Asystole, AlarmCondition.AbnormalRhythm, AlarmCondition.LeadOff, AlarmCondition.NoData];

    private readonly AlarmOptions _options;
    private readonly TimeProvider _clock;
    private readonly AsystoleRule _asystole;
    private readonly AbnormalRhythmRule _rhythm;
    private readonly LeadOffRule _leadOff;
    private readonly NoDataRule _noData;
    private readonly AlarmEpisode?[] _open = new AlarmEpisode?[Conditions.Length];
    private ulong? _sessionId;
    private bool _sessionEnded;
    private bool _forgotten;
    private bool _restored;
    private long _sessionEndedAt;
    private long _lastEvidenceAt;
    private long _decidedUntilUnixNs = long.MinValue;

    public DeviceAlarms(string deviceId, AlarmOptions options, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        DeviceId = deviceId;
        _options = options;
        _clock = clock;
        _asystole = new AsystoleRule(options);
        _rhythm = new AbnormalRhythmRule(options);
        _leadOff = new LeadOffRule(options);
        _noData = new NoDataRule(options, clock);
    }

    public string DeviceId { get; }

    /// <summary>The audio pause that was set last, over or not; null when none was, or it was cancelled.</summary>
    public AudioPause? AudioPause { get; private set; }

    /// <summary>The session ended or never was, no alarm is open and no result can come any more: the device may be dropped.</summary>
    public bool IsIdle => (_sessionEnded || HadOnlyLatched) && Array.TrueForAll(_open, static episode => episode is null) && (_forgotten || GraceIsOver());

    /// <summary>A restart found latched alarms and the device has not come back: nothing is expected of it.</summary>
    private bool HadOnlyLatched => _restored && _sessionId is null && !_noData.IsWatching;

    /// <summary>The last transition of each open alarm.</summary>
    public IEnumerable<AlarmTransitionRecord> Open()
    {
        foreach (var episode in _open)
        {
            if (episode is not null)
            {
                yield return episode.Last;
            }
        }
    }

    /// <summary>Goes on with an alarm that was open when the daemon stopped. Call before any input; false if this version does not know its condition.</summary>
    public bool Restore(AlarmTransitionRecord open)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (open.DeviceId != DeviceId || !open.IsOpen)
        {
            throw new ArgumentException($"Alarm {open.AlarmId} is not an open alarm of this device.", nameof(open));
        }

        if (Array.IndexOf(Conditions, open.Condition) < 0)
        {
            return false;
        }

        _restored = true;
        _open[Index(open.Condition)] = new AlarmEpisode(open);
        _lastEvidenceAt = _clock.GetTimestamp();
        _noData.Restore(open);
        DecidedUntil(open.EventUnixNs);
        if (open.State == AlarmState.Latched)
        {
            return true;
        }

        switch (open.Condition)
        {
            case AlarmCondition.Asystole: _asystole.Restore(open); break;
            case AlarmCondition.AbnormalRhythm: _rhythm.Restore(open); break;
            case AlarmCondition.LeadOff: _leadOff.Restore(open); break;
            default: break; // no data: restored above
        }

        return true;
    }

    /// <summary>
    /// Replayed inputs up to this device time were decided before the restart: they only tell which session runs. Set from the
    /// newest transition that is stored of the device; without it a replay would raise again what was seen and cleared.
    /// </summary>
    public void DecidedUntil(long deviceTimeUnixNs) => _decidedUntilUnixNs = Math.Max(_decidedUntilUnixNs, deviceTimeUnixNs);

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
            CloseRhythm(_sessionId is not null, "Another session began", transitions);
            (_sessionId, _sessionEnded, _forgotten) = (status.SessionId, false, false);
        }

        Apply(AlarmCondition.NoData, _noData.OnData(status.TimeUnixNs), transitions);
        Apply(AlarmCondition.Asystole, _asystole.OnStatus(status), transitions);
        Apply(AlarmCondition.LeadOff, _leadOff.OnStatus(status), transitions);
    }

    /// <summary>Takes what a model said. Results of a session other than the device's present one are not evidence; false then.</summary>
    public bool OnResult(RhythmResult result, List<AlarmTransitionRecord> transitions, bool replayed = false)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (replayed && result.EndUnixNs <= _decidedUntilUnixNs)
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

        Apply(AlarmCondition.AbnormalRhythm, decision, transitions);
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
            if (_open[Index(AlarmCondition.NoData)] is { State: AlarmState.Active } unseen && _noData.OnSessionEnded(Why) is { Signal: RuleSignal.End } end)
            {
                transitions.Add(unseen.EndCondition(end, PublishedNow(), latchUnseen: true));
            }

            EndSession(Why, transitions, Why);
        }

        CloseRhythm(true, Why, transitions);
        _forgotten = true;
    }

    /// <summary>What only the passing of time decides: call a few times a second.</summary>
    public void OnTick(List<AlarmTransitionRecord> transitions)
    {
        var noData = _noData.OnTick();
        Apply(AlarmCondition.NoData, noData, transitions);
        if (noData.Signal == RuleSignal.Begin)
        {
            Apply(AlarmCondition.Asystole, _asystole.OnSignalLost(noData.EventUnixNs, "no data"), transitions);
        }

        if (_sessionEnded)
        {
            CloseRhythm(GraceIsOver(), "The session ended", transitions);
        }
        else
        {
            CloseRhythm(_clock.GetElapsedTime(_lastEvidenceAt) >= _options.RhythmStaleAfter, "Rhythm no longer assessed", transitions);
        }
    }

    /// <summary>Somebody has seen the alarm. A latched one is cleared by it: two transitions.</summary>
    public AcknowledgeOutcome Acknowledge(string alarmId, string user, List<AlarmTransitionRecord> transitions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        var index = Array.FindIndex(_open, episode => episode?.Last.AlarmId == alarmId);
        if (index < 0)
        {
            return AcknowledgeOutcome.NotOpen;
        }

        var alarm = _open[index]!;
        if (alarm.State == AlarmState.Acknowledged)
        {
            return AcknowledgeOutcome.AlreadyAcknowledged;
        }

        var latched = alarm.State == AlarmState.Latched;
        var now = Math.Max(alarm.Last.EventUnixNs, _noData.EstimateDeviceTime());
        transitions.Add(alarm.Acknowledge(user, now, PublishedNow()));
        if (latched)
        {
            transitions.Add(alarm.Close(now, PublishedNow()));
            _open[index] = null;
        }

        return AcknowledgeOutcome.Acknowledged;
    }

    /// <summary>Silences the sound of this device's alarms for a time.</summary>
    public AudioPause PauseAudio(TimeSpan duration, string user)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, _options.AudioPauseLimit);
        return AudioPause = new AudioPause(_clock.GetTimestamp(), duration, user);
    }

    public void CancelAudioPause() => AudioPause = null;

    /// <summary>Whether the alarm of this condition sounds now: active or latched, and not paused, or high and raised during the pause.</summary>
    public bool IsAudible(AlarmCondition condition)
    {
        if (_open[Index(condition)] is not { State: AlarmState.Active or AlarmState.Latched } alarm)
        {
            return false;
        }

        return !IsPaused() || (_options.HighBreaksThroughAudioPause && alarm is { RaisedInPause: true, Last.Priority: AlarmPriority.High });
    }

    private void EndSession(string why, List<AlarmTransitionRecord> transitions, string whyDataMayEnd = "The session ended")
    {
        var now = _noData.EstimateDeviceTime();
        (_sessionEnded, _sessionEndedAt) = (true, _clock.GetTimestamp());
        Apply(AlarmCondition.NoData, _noData.OnSessionEnded(whyDataMayEnd), transitions);
        Apply(AlarmCondition.Asystole, _asystole.OnSignalLost(now, why), transitions);
        Apply(AlarmCondition.LeadOff, _leadOff.OnSessionEnded(now, why), transitions);
        _asystole.Reset();
    }

    private void CloseRhythm(bool due, string why, List<AlarmTransitionRecord> transitions)
    {
        if (due)
        {
            Apply(AlarmCondition.AbnormalRhythm, _rhythm.End(_noData.EstimateDeviceTime(), why), transitions);
            _rhythm.Reset();
        }
    }

    private void Apply(AlarmCondition condition, in RuleDecision decision, List<AlarmTransitionRecord> transitions)
    {
        if (decision.Signal == RuleSignal.None)
        {
            return;
        }

        ref var episode = ref _open[Index(condition)];
        if (decision.Signal == RuleSignal.End)
        {
            // A latched alarm has no condition left to end; it waits for its acknowledgement.
            if (episode is { State: not AlarmState.Latched })
            {
                transitions.Add(episode.EndCondition(decision, PublishedNow()));
                episode = episode.State == AlarmState.Cleared ? null : episode;
            }

            return;
        }

        if (episode is not null && IsAnotherEpisode(episode, decision.Priority))
        {
            transitions.Add(episode.Close(decision.EventUnixNs, PublishedNow()));
            episode = null;
        }

        if (episode is null)
        {
            episode = new AlarmEpisode(Raise(condition, decision)) { RaisedInPause = IsPaused() };
            transitions.Add(episode.Last);
        }
        else
        {
            transitions.Add(episode.Update(decision, PublishedNow()));
        }
    }

    private static bool IsAnotherEpisode(AlarmEpisode episode, AlarmPriority priority) =>
        episode.State == AlarmState.Latched
        || priority < episode.Last.Priority
        || (episode.State == AlarmState.Acknowledged && priority > episode.Last.Priority);

    private AlarmTransitionRecord Raise(AlarmCondition condition, in RuleDecision decision) => new(
        AlarmId.Create(DeviceId, _sessionId ?? 0, condition, decision.OnsetUnixNs, decision.EventUnixNs),
        DeviceId, condition, condition.Kind(), decision.Priority, AlarmState.Active, AlarmTransition.Raised,
        decision.OnsetUnixNs, decision.EventUnixNs, PublishedNow(),
        decision.Priority.Marked(decision.Text), decision.Source, decision.Value, decision.Unit, AcknowledgedBy: "");

    private bool IsPaused() => AudioPause is { } pause && pause.Remaining(_clock) > TimeSpan.Zero;

    /// <summary>No late result can come any more: the grace counts from the end of the session or the last result that counted.</summary>
    private bool GraceIsOver() =>
        _clock.GetElapsedTime(Math.Max(_sessionEndedAt, _lastEvidenceAt)) >= _options.LateResultGrace;

    private long PublishedNow() => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Nanoseconds();

    private static int Index(AlarmCondition condition) => condition switch
    {
        AlarmCondition.Asystole => 0,
        AlarmCondition.AbnormalRhythm => 1,
        AlarmCondition.LeadOff => 2,
        AlarmCondition.NoData => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "No rule decides this condition"),
    };
}
