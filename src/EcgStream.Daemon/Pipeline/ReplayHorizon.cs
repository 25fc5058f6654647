using EcgStream.Core.Beats;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Storage.Sqlite;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// Up to where a session's windows, seconds and beats are stored already, and on which grid. A replay that begins in mid-session follows jittering stamps from another
/// one on and finds R peaks a sample beside, so its times may differ from those of the stored rows; without this the same stretch would be stored twice. A replayed one counts as new from half a hop, half a second, or 100 ms after the last stored one.
/// </summary>
internal sealed class ReplayHorizon
{
    private const long HalfSecondNs = 500_000_000;
    private const long HalfRefractoryNs = 100_000_000;

    private readonly Dictionary<string, long> _windowsNewFromUnixNs = new(StringComparer.Ordinal);
    private readonly long _vitalsNewFromUnixNs = long.MinValue;
    private readonly long _beatsNewFromUnixNs = long.MinValue;

    /// <param name="store">Asked once, here.</param>
    /// <param name="hop">Time from one window to the next.</param>
    /// <param name="plan">Which models' windows lie on the grid.</param>
    public ReplayHorizon(ResultStore store, string deviceId, ulong sessionId, TimeSpan hop, WindowPlan plan)
    {
        SessionId = sessionId;
        using var reader = store.OpenReader();
        foreach (var result in reader.ReadLastResults(deviceId, sessionId))
        {
            GridUnixNs ??= plan.Recipes.Any(recipe => recipe.Model == result.Model && recipe.Beat is null) ? result.StartUnixNs : null;
            _windowsNewFromUnixNs[result.Model] = result.StartUnixNs + (hop.Ticks / 2 * TimeSpan.NanosecondsPerTick);
        }

        var last = reader.ReadLastTimes(deviceId, sessionId);
        _vitalsNewFromUnixNs = last.VitalsEndUnixNs + HalfSecondNs ?? long.MinValue;
        _beatsNewFromUnixNs = last.BeatUnixNs + HalfRefractoryNs ?? long.MinValue;
    }

    public ulong SessionId { get; }

    /// <summary>Start of a stored window: a whole number of hops from the session's first sample. Null when none is stored.</summary>
    public long? GridUnixNs { get; }

    /// <summary>The window of a beat that is stored, or of a stretch for which the model has a result.</summary>
    public bool Has(RhythmWindow window) => (window.Beat is { } beat && Has(in beat)) ||
        (_windowsNewFromUnixNs.TryGetValue(window.Recipe.Model, out var newFrom) && window.StartUnixNs < newFrom);

    public bool Has(in VitalsSecond vitals) => vitals.EndUnixNs < _vitalsNewFromUnixNs;

    public bool Has(in Beat beat) => beat.TimeUnixNs < _beatsNewFromUnixNs;
}
