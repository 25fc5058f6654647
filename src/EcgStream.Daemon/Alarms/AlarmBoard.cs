using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Alarms;

/// <summary>The alarms that are open according to what was published, and the cursor at which that is so. Any thread may ask.</summary>
internal sealed class AlarmBoard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AlarmEvent> _open = new(StringComparer.Ordinal);
    private ulong _cursor;

    /// <summary>What the journal has of open alarms at start.</summary>
    public void Load(IEnumerable<AlarmEvent> open, ulong cursor)
    {
        lock (_gate)
        {
            _open.Clear();
            foreach (var alarm in open)
            {
                _open[alarm.AlarmId] = alarm;
            }

            _cursor = cursor;
        }
    }

    public void Apply(AlarmEvent transition)
    {
        lock (_gate)
        {
            _cursor = transition.Cursor;
            if (transition.State == AlarmState.Cleared)
            {
                _open.Remove(transition.AlarmId);
            }
            else
            {
                _open[transition.AlarmId] = transition;
            }
        }
    }

    public AlarmEvent? Find(string alarmId)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(alarmId);
        }
    }

    /// <summary>Open alarms, worst first: priority, then those that nobody has seen, then the newest onset.</summary>
    public (IReadOnlyList<AlarmEvent> Alarms, ulong Cursor) Snapshot()
    {
        AlarmEvent[] alarms;
        ulong cursor;
        lock (_gate)
        {
            alarms = [.. _open.Values];
            cursor = _cursor;
        }

        Array.Sort(alarms, static (a, b) =>
        {
            var byPriority = b.Priority.CompareTo(a.Priority);
            var bySeen = (a.State == AlarmState.Acknowledged).CompareTo(b.State == AlarmState.Acknowledged);
            var byOnset = b.OnsetUnixNs.CompareTo(a.OnsetUnixNs);
            return byPriority != 0 ? byPriority : bySeen != 0 ? bySeen : byOnset != 0 ? byOnset : b.Cursor.CompareTo(a.Cursor);
        });
        return (alarms, cursor);
    }
}
