using EcgStream.Client.Streaming;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Fleet;

/// <summary>What became of one synthetic patient's stream.</summary>
/// <param name="SamplesPerLead">Samples handed over, per lead.</param>
/// <param name="Chunks">Totals of its chunks.</param>
/// <param name="Fault">Why it ended early; null when it did not.</param>
public sealed record PatientTotals(
    string DeviceId, RhythmKind Rhythm, StreamTransport Transport, long SamplesPerLead, DeviceStreamTotals Chunks, string? Fault);
