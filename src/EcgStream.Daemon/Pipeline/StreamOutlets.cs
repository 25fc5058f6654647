using EcgStream.Core.Windows;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Where the streams' windows, beats, vitals and states go. Nothing here waits: each stage behind it has its own bounded queue.</summary>
internal sealed class StreamOutlets(
    ModelWindows windows, BeatOutlets beats, ResultStore store, AlarmEngine alarms, PipelineMetrics metrics, IOptions<WindowOptions> cut)
{
    public ModelWindows Windows => windows;

    public BeatOutlets Beats => beats;

    public ResultStore Store => store;

    public AlarmEngine Alarms => alarms;

    public PipelineMetrics Metrics => metrics;

    /// <summary>Reads up to where a device has results; for replays only, it asks the database.</summary>
    public ReplayHorizon HorizonOf(string deviceId, ulong sessionId) => new(store, deviceId, sessionId, cut.Value.Hop, windows.Plan);
}
