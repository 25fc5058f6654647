using EcgStream.Core.Windows;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Storage.Sqlite;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Where the streams' windows, beats, vitals and states go. Nothing here waits: each stage behind it has its own bounded queue.</summary>
internal sealed class StreamOutlets(ModelWindows windows, ResultStore store, AlarmEngine alarms, PipelineMetrics metrics)
{
    public ModelWindows Windows => windows;

    public ResultStore Store => store;

    public AlarmEngine Alarms => alarms;

    public PipelineMetrics Metrics => metrics;
}
