using EcgStream.Core.Beats;
using EcgStream.Core.Results;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Pipeline;

/// <summary>
/// Hands each result to the alarm rules first, then to the store; subscribers and InfluxDB follow the store. Results of the models that decide the class of beats go to
/// the device's <see cref="BeatFlow"/> instead; those of other models of beats are stored and shown, and raise nothing.
/// </summary>
internal sealed class ResultRouter(DeviceDirectory devices, AlarmEngine alarms, ResultStore store, PipelineMetrics metrics, IOptions<BeatOptions> beats, TimeProvider clock) : IResultSink
{
    private readonly BeatOptions _beats = beats.Value;

    public void Publish(RhythmResult result)
    {
        var replayed = false;
        if (devices.TryGet(result.DeviceId, out var device))
        {
            replayed = device.Stream?.WasReplayed(result.SessionId, result.EndUnixNs) == true;
        }

        // A model that decides the class of beats makes beats of its results, one for each; WindowPlan sees to it that the name says so.
        if (result.Beat is { } beat && (result.Model.Name == _beats.Model2Lead || result.Model.Name == _beats.Model1Lead))
        {
            device?.Stream?.Beats.OnResult(result, in beat);
        }
        else
        {
            device?.Totals.AddResult();
            if (result.Beat is null)
            {
                alarms.OnResult(result, replayed); // of a single beat no abnormal rhythm can be told
            }

            store.TryEnqueue(result);
        }

        metrics.ResultPublished(clock.GetElapsedTime(result.IngestTimestamp, result.PublishedTimestamp));
    }
}
