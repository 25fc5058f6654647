using System.Collections.Concurrent;
using System.Collections.Frozen;
using EcgStream.Core.Alarms;
using EcgStream.Core.Beats;
using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Core.Results;
using EcgStream.Core.Vitals;
using EcgStream.Daemon.Feeds;
using EcgStream.Daemon.Supervision;
using Microsoft.Extensions.Options;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Where signal states and results become alarms. All entry points may be called from any thread at any time after
/// <see cref="StartAsync"/>; none waits for I/O, and none allocates when nothing changes. Inputs of one device are judged one at a time.
/// <para>
/// Transitions go through one bounded queue to <see cref="AlarmWriter"/>. When it is full, what a device decided waits with the
/// device, and the device's next inputs are not judged until it is gone (counted): alarms delay themselves, never the shards.
/// </para>
/// </summary>
internal sealed class AlarmEngine : IHostedService, IDisposable, IStageProgress
{
    private readonly ConcurrentDictionary<string, AlarmDevice> _devices = new(StringComparer.Ordinal);
    private readonly Func<string, AlarmDevice> _create;
    private readonly IAlarmJournal _journal;
    private readonly CursorFeed<AlarmEvent> _feed;
    private readonly AlarmBoard _board;
    private readonly AlarmQueue _queue;
    private readonly AlarmWriter _writer;
    private readonly AlarmStorer _storer;
    private readonly DaemonWatch _daemon;
    private readonly AlarmMetrics _metrics;
    private readonly AlarmEngineOptions _options;
    private readonly LimitBook _limits;
    private readonly TimeProvider _clock;
    private readonly ILogger<AlarmEngine> _log;
    private IReadOnlyDictionary<string, long> _decidedUntil = FrozenDictionary<string, long>.Empty;
    private readonly ProgressMeter _ticks;
    private ITimer? _timer;
    private int _ticking;
    private int _full;
    private volatile bool _stopping;

    public AlarmEngine(
        IAlarmJournal journal, CursorFeed<AlarmEvent> feed, AlarmBoard board, AlarmQueue queue, AlarmWriter writer, AlarmStorer storer, DaemonWatch daemon, AlarmMetrics metrics,
        IOptions<AlarmOptions> rules, IOptions<AlarmEngineOptions> options, LimitBook limits, TimeProvider clock, ILogger<AlarmEngine> log)
    {
        _journal = journal;
        _feed = feed;
        _board = board;
        _queue = queue;
        _writer = writer;
        _storer = storer;
        _daemon = daemon;
        _metrics = metrics;
        _options = options.Value;
        _limits = limits;
        _clock = clock;
        _ticks = new ProgressMeter(clock);
        _log = log;
        _create = id =>
        {
            var device = new AlarmDevice(id, rules.Value, options.Value.KeepForgottenFor, clock, queue, limits.For(id));
            if (_decidedUntil.TryGetValue(id, out var deviceTime))
            {
                device.DecidedUntil(deviceTime);
            }

            return device;
        };
    }

    /// <summary>Cursor of the last transition before this process decided any; for whoever follows from the start on. Set by <see cref="StartAsync"/>.</summary>
    public ulong StartCursor { get; private set; }

    /// <summary>Devices whose alarms are kept now.</summary>
    public int Devices => _devices.Count;

    /// <summary>Open alarms, worst first, and the cursor to subscribe after to miss nothing.</summary>
    public (IReadOnlyList<AlarmEvent> Alarms, ulong Cursor) ListActive() => _board.Snapshot();

    /// <summary>Takes over what the journal holds. The journal must be open; inputs may come after this.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _limits.Load();
        _feed.Open();
        StartCursor = _feed.LastCursor;
        // Up to which sample the stored transitions of each device reach, so that a replay does not decide them again.
        _decidedUntil = await _journal.DecidedUntilAsync(_options.ReplayLookback, cancellationToken);
        var open = await _journal.LoadActiveAsync(cancellationToken);
        _board.Load(open, _feed.LastCursor);
        foreach (var alarm in open)
        {
            var record = alarm.ToRecord();
            if (!(record.DeviceId == DaemonAlarms.DeviceId ? _daemon.Restore(record) : _devices.GetOrAdd(record.DeviceId, _create).Restore(record)))
            {
                AlarmLog.UnknownCondition(_log, alarm.AlarmId, (int)alarm.Condition);
            }
        }

        AlarmLog.Started(_log, _feed.LastCursor, open.Count, _devices.Count);
        _ticks.Advance();
        _storer.Start();
        _writer.Start();
        _timer = _clock.CreateTimer(static engine => ((AlarmEngine)engine!).OnTick(), this, _options.TickInterval, _options.TickInterval);
    }

    /// <summary>Stops judging and waits, within the limit, for the journal to take what is queued.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        _queue.Complete();
        await _writer.StopAsync(cancellationToken);
    }

    public void Dispose() => _timer?.Dispose();

    string? IStageProgress.DescribeStuck() => _timer is null || _stopping ? null : _ticks.Describe("The alarms' clock", IStageProgress.Limit);

    /// <summary>A device's signal after a chunk; shard threads, in the device's order.</summary>
    /// <param name="replayed">The chunk comes from the journal's tail at start.</param>
    public void OnStatus(in SignalStatus status, bool replayed = false)
    {
        AlarmDevice.Taken taken;
        do
        {
            taken = Device(status.DeviceId).OnStatus(status, replayed);
        }
        while (taken == AlarmDevice.Taken.Forgotten);

        Count(taken);
    }

    /// <summary>Samples of a device came in, whatever becomes of them; shard threads.</summary>
    public void OnArrival(string deviceId)
    {
        while (!Device(deviceId).OnArrival())
        {
        }
    }

    /// <summary>Devices that send samples of which nothing is analysed, as far as that is told.</summary>
    public int NotAnalysed => _devices.Values.Count(device => device.IsPresent(AlarmCondition.NotAnalysed));

    /// <summary>Whether a condition of a device holds now.</summary>
    public bool IsPresent(string deviceId, AlarmCondition condition) => _devices.TryGetValue(deviceId, out var device) && device.IsPresent(condition);

    /// <summary>A beat as the detector found it; shard threads, in the device's order, before the status of its chunk.</summary>
    public void OnBeat(in Beat beat, bool replayed = false)
    {
        if (_devices.TryGetValue(beat.DeviceId, out var device))
        {
            Count(device.OnBeat(in beat, replayed));
        }
    }

    /// <summary>What a model made of a beat; any thread, beats of one device in order.</summary>
    public void OnBeat(in ClassifiedBeat beat, bool replayed = false)
    {
        if (_devices.TryGetValue(beat.Beat.DeviceId, out var device))
        {
            Count(device.OnBeat(in beat, replayed));
        }
    }

    /// <summary>
    /// What a model said of a window; results of one device and model in the order of their windows. A device without any status yet, or
    /// one that ended its session so long ago that it was forgotten, has no alarms to judge.
    /// </summary>
    public void OnResult(RhythmResult result, bool replayed = false)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_devices.TryGetValue(result.DeviceId, out var device))
        {
            Count(device.OnResult(result, replayed));
        }
    }

    /// <summary>The device said that its session ends; shard thread, after the last status of it.</summary>
    public void OnSessionEnded(string deviceId, ulong sessionId, bool replayed = false)
    {
        if (_devices.TryGetValue(deviceId, out var device))
        {
            Count(device.OnSessionEnded(sessionId, replayed));
        }
    }

    /// <summary>
    /// The device was silent for so long that the daemon forgets it: its alarms end as with its session, except that a loss of data that nobody
    /// has acknowledged stays listed until somebody does. When nothing of it is open any more, a tick drops it here too. Data that come
    /// after this begin anew.
    /// </summary>
    public void OnDeviceForgotten(string deviceId)
    {
        if (_devices.TryGetValue(deviceId, out var device))
        {
            Count(device.OnForgotten());
        }
    }

    /// <summary>Alarms of the device are kept.</summary>
    public bool Knows(string deviceId) => _devices.ContainsKey(deviceId);

    /// <summary>
    /// Its patient is gone: whatever is open of the device is cleared for good. Data that come after this begin anew.
    /// </summary>
    public void OnDischarged(string deviceId)
    {
        if (_devices.TryGetValue(deviceId, out var device))
        {
            device.OnDischarged("discharged");
        }
    }

    /// <summary>
    /// Lets the devices go by the limits that the book has now: one device, or all when it is empty.
    /// </summary>
    public void ApplyLimits(string deviceId)
    {
        foreach (var (id, device) in _devices)
        {
            if (deviceId.Length == 0 || id == deviceId)
            {
                device.SetLimits(_limits.For(id));
            }
        }
    }

    /// <summary>What only time decides. The engine's own timer calls it; ticks do not overlap.</summary>
    public void OnTick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
        {
            return;
        }

        try
        {
            TellDaemon();
            var left = 0;
            foreach (var (id, device) in _devices)
            {
                try
                {
                    left += device.LeftAt is null ? 0 : 1;
                    device.SetLimits(_limits.For(id)); // for a device that was made while they were being changed
                    if (device.OnTick(out var deferred))
                    {
                        _devices.TryRemove(KeyValuePair.Create(id, device));
                    }

                    Count(deferred ? AlarmDevice.Taken.Deferred : AlarmDevice.Taken.Done);
                }
#pragma warning disable CA1031 // One device's fault must not keep time from the other devices.
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    AlarmLog.TickFaulted(_log, fault);
                }
            }

            LetOldestGo(left - _options.MaxForgotten);
        }
        finally
        {
            _ticks.Advance();
            Volatile.Write(ref _ticking, 0);
        }
    }

    /// <summary>Says that somebody has seen an alarm. The alarm that comes back is as it is stored; null unless it is open or just cleared by this.</summary>
    public async Task<(AcknowledgeStatus Status, AlarmEvent? Alarm)> AcknowledgeAsync(string alarmId, string user, CancellationToken cancellationToken)
    {
        var known = _board.Find(alarmId);
        if (known is null)
        {
            var status = await _journal.FindAsync(alarmId, cancellationToken) is null ? AcknowledgeStatus.Unknown : AcknowledgeStatus.AlreadyCleared;
            AlarmLog.AcknowledgeRefused(_log, status);
            return (status, null);
        }

        Task<AlarmEvent>? published = null;
        var outcome = known.DeviceId == DaemonAlarms.DeviceId ? _daemon.Acknowledge(alarmId, user, out published)
            : _devices.TryGetValue(known.DeviceId, out var device) ? device.Acknowledge(alarmId, user, out published)
            : AcknowledgeOutcome.NotOpen;
        switch (outcome)
        {
            case AcknowledgeOutcome.Acknowledged:
                var stored = await published!.WaitAsync(cancellationToken);
                AlarmLog.Acknowledged(_log, alarmId, ((AlarmCondition)known.Condition).Tag());
                return (AcknowledgeStatus.Acknowledged, stored);
            case AcknowledgeOutcome.AlreadyAcknowledged:
                return (AcknowledgeStatus.AlreadyAcknowledged, _board.Find(alarmId) ?? known);
            default:
                AlarmLog.AcknowledgeRefused(_log, AcknowledgeStatus.AlreadyCleared);
                return (AcknowledgeStatus.AlreadyCleared, null);
        }
    }

    /// <summary>
    /// Each made-up device id that falls silent leaves a device whose alarm nobody acknowledges: they are bounded.
    /// </summary>
    private void LetOldestGo(int excess)
    {
        if (excess <= 0)
        {
            return;
        }

        AlarmLog.ForgottenLetGo(_log, excess, _options.MaxForgotten);
        var left = _devices.Values.Where(device => device.LeftAt is not null);
        foreach (var device in left.OrderBy(device => device.LeftAt).Take(excess))
        {
            device.OnDischarged("too many devices left");
        }
    }

    private AlarmDevice Device(string deviceId) =>
        _devices.TryGetValue(deviceId, out var device) ? device : _devices.GetOrAdd(deviceId, _create);

    private void Count(AlarmDevice.Taken taken)
    {
        if (taken == AlarmDevice.Taken.Deferred)
        {
            _metrics.InputDeferred();
            if (Interlocked.Exchange(ref _full, 1) == 0)
            {
                AlarmLog.QueueFull(_log, _queue.Capacity);
            }
        }
        else if (Volatile.Read(ref _full) != 0 && _queue.Depth < _queue.Capacity)
        {
            Volatile.Write(ref _full, 0);
        }
    }

    private void TellDaemon()
    {
        try
        {
            _daemon.OnTick();
        }
#pragma warning disable CA1031 // As for a device: the others are judged all the same.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            AlarmLog.TickFaulted(_log, fault);
        }
    }
}
