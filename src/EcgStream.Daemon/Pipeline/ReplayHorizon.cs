using EcgStream.Core.Windows;
using EcgStream.Daemon.Storage.Sqlite;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// Up to where the windows of a device's session have results already. A replay that begins in mid-session cuts its windows on another
/// grid than the session did, so their starts are not those of the stored results; without this the same seconds would be classified and
/// stored twice. A replayed window counts as new from half a hop after the last stored one.
/// </summary>
internal sealed class ReplayHorizon
{
    private readonly Dictionary<(string Model, ulong Session), long> _newFromUnixNs = [];

    public ReplayHorizon(ResultStore store, string deviceId, TimeSpan hop)
    {
        using var reader = store.OpenReader();
        foreach (var result in reader.ReadLastResults(deviceId))
        {
            _newFromUnixNs[(result.Model, result.SessionId)] = result.StartUnixNs + (hop.Ticks / 2 * TimeSpan.NanosecondsPerTick);
        }
    }

    public bool HasResult(RhythmWindow window) =>
        _newFromUnixNs.TryGetValue((window.Recipe.Model, window.SessionId), out var newFrom) && window.StartUnixNs < newFrom;
}
