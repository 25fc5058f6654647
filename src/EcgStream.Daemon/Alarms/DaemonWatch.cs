using EcgStream.Core.Alarms;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

/// <summary>Something of the daemon that can fail for all patients at once, and says so.</summary>
internal interface IDaemonFault
{
    AlarmCondition Condition { get; }

    /// <summary>What it is wrong with: faults of one condition and source are one alarm.</summary>
    string Source => DaemonAlarms.Source;

    AlarmPriority Priority => AlarmPriority.Medium;

    /// <summary>What is wrong now, for people, without its changing details; null while nothing is. Any thread may ask.</summary>
    string? Describe();
}

/// <summary>Makes technical alarms of what is wrong with the daemon itself. Any thread may call; inputs are judged one at a time.</summary>
internal sealed class DaemonWatch
{
    private readonly Lock _gate = new();
    private List<List<IDaemonFault>> _faults;
    private readonly DaemonAlarms _alarms;
    private readonly AlarmOutbox _outbox;

    public DaemonWatch(IEnumerable<IDaemonFault> faults, AlarmQueue queue, TimeProvider clock)
    {
        _faults = GroupsOf(faults);
        _alarms = new DaemonAlarms(clock);
        _outbox = new AlarmOutbox(queue, clock);
    }

    /// <summary>Adds what only a stage above this one knows of.</summary>
    public void Watch(IEnumerable<IDaemonFault> faults)
    {
        lock (_gate)
        {
            _faults = GroupsOf([.. _faults.SelectMany(group => group), .. faults]);
        }
    }

    public bool Restore(AlarmTransitionRecord open)
    {
        lock (_gate)
        {
            return _alarms.Restore(open);
        }
    }

    public void OnTick()
    {
        lock (_gate)
        {
            if (!_outbox.TryFlush())
            {
                return;
            }

            foreach (var group in _faults)
            {
                var told = group.Select(fault => fault.Describe()).OfType<string>().ToArray();
                if (told.Length > 0)
                {
                    var (first, priority) = (group[0], group.Max(fault => fault.Priority));
                    _alarms.Tell(first.Condition, first.Source, priority, string.Join("; ", told), _outbox.Decided);
                }
            }

            _alarms.TellOthers(_outbox.Decided);
            _outbox.Pass();
        }
    }

    public AcknowledgeOutcome Acknowledge(string alarmId, string user, out Task<AlarmEvent>? published)
    {
        lock (_gate)
        {
            published = null;
            var outcome = _alarms.Acknowledge(alarmId, user, _outbox.Decided);
            if (outcome == AcknowledgeOutcome.Acknowledged)
            {
                var completion = new TaskCompletionSource<AlarmEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
                published = completion.Task;
                _outbox.Pass(null, completion);
            }

            return outcome;
        }
    }

    private static List<List<IDaemonFault>> GroupsOf(IEnumerable<IDaemonFault> faults) =>
        [.. faults.GroupBy(fault => (fault.Condition, fault.Source)).Select(group => group.ToList())];
}
