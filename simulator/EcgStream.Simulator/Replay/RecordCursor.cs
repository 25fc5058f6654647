using System.Diagnostics.CodeAnalysis;
using EcgStream.Formats;

namespace EcgStream.Simulator.Replay;

/// <summary>Deals the records of a set in order, one to each device that asks. Any thread may ask.</summary>
internal sealed class RecordCursor(RecordingSet set, bool loop) : IDisposable
{
    private readonly Lock _gate = new();
    private IEnumerator<RecordingEntry> _records = set.GetEnumerator();
    private bool _ended;

    public bool TryNext([NotNullWhen(true)] out RecordingEntry? entry)
    {
        lock (_gate)
        {
            entry = null;
            if (_ended)
            {
                return false;
            }

            var found = _records.MoveNext();
            if (!found && loop)
            {
                _records.Dispose();
                _records = set.GetEnumerator();
                found = _records.MoveNext();
            }

            _ended = !found;
            entry = found ? _records.Current : null;
            return found;
        }
    }

    public void Dispose() => _records.Dispose();
}
