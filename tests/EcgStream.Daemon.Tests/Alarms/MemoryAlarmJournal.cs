using EcgStream.Daemon.Alarms;
using EcgStream.Protocol.V1;
using Google.Protobuf;

namespace EcgStream.Daemon.Tests.Alarms;

/// <summary>The journal's contract in memory: payloads are serialized, so nothing of a message survives that the wire does not carry. Can fail and can stall.</summary>
internal sealed class MemoryAlarmJournal : IAlarmJournal
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _payloads = [];
    private readonly HashSet<(string, AlarmTransition, ulong)> _known = [];
    private TaskCompletionSource? _stall;

    /// <summary>So many appends fail from now on.</summary>
    public int Failures { get; set; }

    public int Appends { get; private set; }

    public ulong LastCursor
    {
        get
        {
            lock (_gate)
            {
                return (ulong)_payloads.Count;
            }
        }
    }

    public void Stall() => _stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Go() => Interlocked.Exchange(ref _stall, null)?.SetResult();

    public async ValueTask AppendAsync(IReadOnlyList<AlarmEvent> transitions, CancellationToken cancellationToken)
    {
        if (_stall is { } stall)
        {
            await stall.Task.WaitAsync(cancellationToken);
        }

        lock (_gate)
        {
            Appends++;
            if (Failures > 0)
            {
                Failures--;
                throw new IOException("no space left");
            }

            foreach (var transition in transitions)
            {
                if (_known.Add((transition.AlarmId, transition.Transition, transition.EventUnixNs)))
                {
                    if (transition.Cursor != 0)
                    {
                        Assert.Equal((ulong)_payloads.Count + 1, transition.Cursor);
                    }

                    transition.Cursor = 0;
                    _payloads.Add(transition.ToByteArray());
                    transition.Cursor = (ulong)_payloads.Count;
                }
                else
                {
                    transition.Cursor = All().First(e =>
                        (e.AlarmId, e.Transition, e.EventUnixNs) == (transition.AlarmId, transition.Transition, transition.EventUnixNs)).Cursor;
                }
            }
        }
    }

    public async ValueTask<IReadOnlyList<AlarmEvent>> ReadAfterAsync(ulong cursor, int limit, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            return All().Skip((int)cursor).Take(limit).ToList();
        }
    }

    public ValueTask<IReadOnlyList<AlarmEvent>> LoadActiveAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<AlarmEvent> open = All().GroupBy(e => e.AlarmId).Select(g => g.Last()).Where(e => e.State != AlarmState.Cleared).OrderBy(e => e.Cursor).ToList();
            return ValueTask.FromResult(open);
        }
    }

    public ValueTask<IReadOnlyDictionary<string, long>> DecidedUntilAsync(int newest, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyDictionary<string, long> decided = All().TakeLast(newest).GroupBy(e => e.DeviceId).ToDictionary(g => g.Key, g => g.Max(e => (long)e.EventUnixNs));
            return ValueTask.FromResult(decided);
        }
    }

    public ValueTask<AlarmEvent?> FindAsync(string alarmId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(All().LastOrDefault(e => e.AlarmId == alarmId));
        }
    }

    public List<AlarmEvent> Stored()
    {
        lock (_gate)
        {
            return All().ToList();
        }
    }

    private IEnumerable<AlarmEvent> All() => _payloads.Select((payload, i) =>
    {
        var transition = AlarmEvent.Parser.ParseFrom(payload);
        transition.Cursor = (ulong)i + 1;
        return transition;
    });
}
