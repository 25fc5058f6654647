using EcgStream.Client.Streaming;
using EcgStream.Simulator.Synth;

namespace EcgStream.Simulator.Fleet;

/// <summary>A device that streams a synthetic patient.</summary>
/// <param name="DeviceId">Pseudonymous, 1 to 64 characters of [A-Za-z0-9._-].</param>
/// <param name="Signal">Rhythm, leads, seed, noise.</param>
/// <param name="Transport">How it streams.</param>
public sealed record SyntheticPatient(string DeviceId, SynthSpec Signal, StreamTransport Transport);
