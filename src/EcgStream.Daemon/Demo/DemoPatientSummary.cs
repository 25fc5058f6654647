using EcgStream.Protocol.V1;
using EcgStream.Simulator.Fleet;

namespace EcgStream.Daemon.Demo;

/// <summary>One patient's line of the summary.</summary>
/// <param name="Alarms">Patient alarms raised, by condition.</param>
internal sealed record DemoPatientSummary(
    string Device, string Rhythm, string Transport, long ChunksSent, long Journaled, long Windows, long Results, long Beats,
    double HeartRateBpm, IReadOnlyDictionary<string, int> Alarms, long Lost, string? Fault)
{
    public static DemoPatientSummary Of(PatientTotals sent, DeviceStatus device, IReadOnlyDictionary<string, int> alarms)
    {
        var unanswered = sent.Chunks.Sent - sent.Chunks.Acked - sent.Chunks.Duplicate;
        return new DemoPatientSummary(
            sent.DeviceId, sent.Rhythm.ToString(), sent.Transport.ToString(), sent.Chunks.Sent, (long)device.Chunks.Accepted, (long)device.Windows,
            (long)device.Results, (long)device.Beats, Math.Round(device.HeartRateBpm, 1), alarms,
            unanswered + (long)device.Chunks.Missing + Math.Max(0, (long)device.Windows - (long)device.Results), sent.Fault);
    }
}
