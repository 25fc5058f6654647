using System.Text.Encodings.Web;
using System.Text.Json;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Fleet;

namespace EcgStream.Daemon.Demo;

/// <summary>What the demo did; one line of JSON.</summary>
/// <param name="Lost">Chunks not journaled or refused, sequence numbers that never came, windows without a stored result, beats not stored.</param>
internal sealed record DemoSummary(
    double Seconds, long ChunksSent, long Journaled, long Windows, long Results, long ResultsStored, long Beats, long BeatsStored, long AlarmTransitions, long Lost, IReadOnlyList<DemoPatientSummary> Patients)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static DemoSummary Of(
        TimeSpan duration, IReadOnlyList<PatientTotals> totals, IReadOnlyList<DeviceStatus> devices, PipelineStatus pipeline, DemoAlarms alarms)
    {
        var patients = totals.Select(total => DemoPatientSummary.Of(
            total, devices.FirstOrDefault(device => device.DeviceId == total.DeviceId) ?? new DeviceStatus { Chunks = new ChunkCounts() },
            alarms.RaisedFor(total.DeviceId))).ToArray();
        var unstored = Math.Max(0, (long)pipeline.Results - (long)pipeline.ResultsStored) + Math.Max(0, (long)pipeline.Beats - (long)pipeline.BeatsStored);
        return new DemoSummary(
            duration.TotalSeconds, patients.Sum(patient => patient.ChunksSent), patients.Sum(patient => patient.Journaled),
            patients.Sum(patient => patient.Windows), patients.Sum(patient => patient.Results), (long)pipeline.ResultsStored,
            (long)pipeline.Beats, (long)pipeline.BeatsStored, alarms.Transitions, patients.Sum(patient => patient.Lost) + unstored, patients);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Format);
}
