using EcgStream.Daemon.Alarms;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Tests.Alarms;

/// <summary>Cursors and parked transitions in memory; can fail.</summary>
internal sealed class MemoryPublicationStore : IPublicationStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ulong> _cursors = [];
    private readonly List<(AlarmEvent Transition, string Reason)> _parked = [];

    public bool Fails { get; set; }

    public IReadOnlyList<(AlarmEvent Transition, string Reason)> Parked
    {
        get
        {
            lock (_gate)
            {
                return [.. _parked];
            }
        }
    }

    public ulong? Read(string publisher)
    {
        lock (_gate)
        {
            Check();
            return _cursors.TryGetValue(publisher, out var cursor) ? cursor : null;
        }
    }

    public void Write(string publisher, ulong cursor)
    {
        lock (_gate)
        {
            Check();
            _cursors[publisher] = cursor;
        }
    }

    public void Park(string publisher, AlarmEvent transition, string reason)
    {
        lock (_gate)
        {
            Check();
            _parked.Add((transition, reason));
        }
    }

    private void Check()
    {
        if (Fails)
        {
            throw new IOException("no space left");
        }
    }
}
