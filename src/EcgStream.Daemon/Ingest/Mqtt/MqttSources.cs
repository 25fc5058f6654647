using EcgStream.Daemon.Journal;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// The sources of the embedded broker, one for each client id. The broker may tell of an old connection's end after it told of the new one's
/// start; connections are counted, so the source closes with the last of them. Any thread.
/// </summary>
internal sealed class MqttSources
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (IngestSource Source, int Connections)> _sources = new(StringComparer.Ordinal);

    public void Connected(string clientId)
    {
        lock (_gate)
        {
            var (source, connections) = _sources.GetValueOrDefault(clientId, (New(), 0));
            _sources[clientId] = (source, connections + 1);
        }
    }

    public void Disconnected(string clientId)
    {
        lock (_gate)
        {
            if (!_sources.TryGetValue(clientId, out var entry))
            {
                return;
            }

            if (entry.Connections > 1)
            {
                _sources[clientId] = entry with { Connections = entry.Connections - 1 };
                return;
            }

            _sources.Remove(clientId);
            entry.Source.Close();
        }
    }

    /// <summary>The client's source; a publish without a connection (a last will) gets one that is closed already and holds no session.</summary>
    public IngestSource Of(string clientId)
    {
        lock (_gate)
        {
            if (_sources.TryGetValue(clientId, out var entry))
            {
                return entry.Source;
            }
        }

        var passing = New();
        passing.Close();
        return passing;
    }

    private static IngestSource New() => new(JournalTransport.Mqtt, exclusive: true);
}
