using EcgStream.Core.Signals;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>
/// Rows as lines. Tags have few values (site, device, model, label), everything else is a field; no waveforms. The time of a line is on the device
/// clock, and (tags, time) is the same whenever a row is written, so a line that is sent twice stays one point.
/// </summary>
internal sealed class InfluxLines(string site)
{
    private readonly LineBuilder _line = new();

    /// <summary>At the end of the window: a dashboard that shows "now" shows it when it is new.</summary>
    public string Rhythm(StoredResult result)
    {
        var label = result.PredictedIndex < result.Labels.Count ? result.Labels[result.PredictedIndex] : "";
        var line = _line.Start("ecg_rhythm").Tag("device", result.DeviceId).Tag("label", label).Tag("model", result.Model).Tag("site", site)
            .Field("abnormal", result.Abnormal)
            .Field("abnormal_score", result.AbnormalScore)
            .Field("predicted", (long)result.PredictedIndex)
            .Field("marks", (long)result.Marks)
            .Field("lead_off", result.Marks.HasFlag(WindowMarks.LeadOff))
            .Field("latency_ms", result.LatencyMilliseconds)
            .Field("model_version", result.ModelVersion)
            .Field("window_start_ns", result.StartUnixNs);
        for (var index = 0; index < result.Scores.Count && index < result.Labels.Count; index++)
        {
            line.Field("score_" + result.Labels[index], result.Scores[index]);
        }

        return line.End(result.EndUnixNs);
    }

    public string Vitals(in StoredVitals stored)
    {
        var vitals = stored.Vitals;
        var line = _line.Start("ecg_vitals").Tag("device", vitals.DeviceId).Tag("site", site)
            .Field("beats", (long)vitals.Beats)
            .Field("leads_off", (long)vitals.LeadsOff)
            .Field("leads_poor", (long)vitals.Quality.Poor);
        if (vitals.HeartRateBpm is { } rate)
        {
            line.Field("heart_rate_bpm", rate);
        }

        return line.End(vitals.EndUnixNs);
    }

    /// <summary>At the R peak; the label is the class.</summary>
    public string Beat(in StoredBeat stored)
    {
        var (beat, beatClass, probability) = stored.Beat;
        var line = _line.Start("ecg_beat").Tag("device", beat.DeviceId).Tag("label", beatClass.ToString()).Tag("site", site)
            .Field("amplitude_mv", beat.AmplitudeMillivolts)
            .Field("lead", beat.Lead.Name())
            .Field("probability", probability);
        if (beat.RrMilliseconds is { } interval)
        {
            line.Field("rr_ms", interval);
        }

        return line.End(beat.TimeUnixNs);
    }

    /// <summary>The label is the condition; the transition is a tag too, for two of one alarm can fall on one sample.</summary>
    public string Alarm(AlarmEvent alarm) => _line.Start("ecg_alarm")
        .Tag("device", alarm.DeviceId).Tag("label", alarm.Condition.ToString()).Tag("site", site).Tag("transition", alarm.Transition.ToString())
        .Field("alarm_id", alarm.AlarmId)
        .Field("priority", (long)alarm.Priority)
        .Field("state", (long)alarm.State)
        .Field("kind", (long)alarm.Kind)
        .Field("message", alarm.Message)
        .Field("source", alarm.Source)
        .Field("value", alarm.Value)
        .Field("unit", alarm.Unit)
        .Field("acknowledged_by", alarm.AcknowledgedBy)
        .Field("onset_ns", unchecked((long)alarm.OnsetUnixNs))
        .End(unchecked((long)alarm.EventUnixNs));

    /// <summary>Totals and levels of the whole daemon; null while there are none.</summary>
    public string? Pipeline(IReadOnlyCollection<KeyValuePair<string, double>> readings, long unixNs)
    {
        var line = _line.Start("ecg_pipeline").Tag("site", site);
        var any = false;
        foreach (var (name, value) in readings)
        {
            any |= double.IsFinite(value);
            line.Field(name, value);
        }

        return any ? line.End(unixNs) : null;
    }
}
