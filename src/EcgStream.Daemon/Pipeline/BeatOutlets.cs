using EcgStream.Core.Beats;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Where classified beats go, and which models decide their class.</summary>
internal sealed class BeatOutlets(ResultStore store, AlarmEngine alarms, PipelineMetrics metrics, IOptions<BeatOptions> options)
{
    public ResultStore Store => store;

    public AlarmEngine Alarms => alarms;

    public PipelineMetrics Metrics => metrics;

    public TimeSpan ResultLimit => options.Value.ResultTimeout;
}
