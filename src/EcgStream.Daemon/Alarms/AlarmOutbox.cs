using EcgStream.Core.Alarms;
using AlarmEvent = EcgStream.Protocol.V1.AlarmEvent;

namespace EcgStream.Daemon.Alarms;

/// <summary>What one owner decided, on its way into the queue, in order; what finds no room waits here. Called under the owner's lock.</summary>
internal sealed class AlarmOutbox(AlarmQueue queue, TimeProvider clock)
{
    private readonly Queue<AlarmQueue.Item> _waiting = [];

    /// <summary>The rules append what they decide.</summary>
    public List<AlarmTransitionRecord> Decided { get; } = [];

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Queues what waits; false while there is no room for all of it.</summary>
    public bool TryFlush()
    {
        while (_waiting.TryPeek(out var item))
        {
            if (!queue.TryAdd(item))
            {
                return false;
            }

            _waiting.Dequeue();
        }

        return true;
    }

    /// <summary>Passes on what was decided.</summary>
    /// <param name="ingestTimestamp">When the deciding chunk came in; null where none decided.</param>
    /// <param name="published">Told the last of them once it is published.</param>
    public void Pass(long? ingestTimestamp = null, TaskCompletionSource<AlarmEvent>? published = null)
    {
        if (Decided.Count == 0)
        {
            return;
        }

        var now = clock.GetTimestamp();
        for (var i = 0; i < Decided.Count; i++)
        {
            var item = new AlarmQueue.Item(Decided[i], now, ingestTimestamp, i == Decided.Count - 1 ? published : null);
            if (_waiting.Count > 0 || !queue.TryAdd(item))
            {
                _waiting.Enqueue(item);
            }
        }

        Decided.Clear();
    }
}
