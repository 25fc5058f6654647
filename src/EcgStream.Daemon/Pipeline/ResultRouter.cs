using EcgStream.Core.Results;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Storage.Sqlite;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Hands each result to the alarm rules first, then to the store; subscribers and InfluxDB follow the store.</summary>
internal sealed class ResultRouter(DeviceDirectory devices, AlarmEngine alarms, ResultStore store, PipelineMetrics metrics, TimeProvider clock) : IResultSink
{
    public void Publish(RhythmResult result)
    {
        var replayed = false;
        if (devices.TryGet(result.DeviceId, out var device))
        {
            device.Totals.AddResult();
            replayed = device.Stream?.WasReplayed(result.SessionId, result.EndUnixNs) == true;
        }

        alarms.OnResult(result, replayed);
        store.TryEnqueue(result);
        metrics.ResultPublished(clock.GetElapsedTime(result.IngestTimestamp, result.PublishedTimestamp));
    }
}
