using EcgStream.Client.Streaming;
using EcgStream.Core.Signals;
using EcgStream.Simulator.Fleet;
using EcgStream.Simulator.Synth;

namespace EcgStream.Daemon.Demo;

/// <summary>The ward of the demo: sinus rhythm on both transports, arrhythmias of each kind beside it, a single-lead wearable, and a heart that stops.</summary>
internal static class DemoPatients
{
    public static IReadOnlyList<SyntheticPatient> For(TimeSpan duration) =>
    [
        Twelve("demo-sinus-1", RhythmKind.Sinus, 11, StreamTransport.Grpc),
        Twelve("demo-sinus-2", RhythmKind.Sinus, 12, StreamTransport.Mqtt),
        Twelve("demo-af", RhythmKind.AtrialFibrillation, 13, StreamTransport.Mqtt),
        Ventricular("demo-pvc", 14, StreamTransport.Grpc, perMinute: 30, runLength: 1),
        Ventricular("demo-vt", 17, StreamTransport.Mqtt, perMinute: 4, runLength: 12),
        Ventricular("demo-trigeminy", 19, StreamTransport.Grpc, perMinute: 60, runLength: 1),
        Twelve("demo-vf", RhythmKind.VentricularFibrillation, 18, StreamTransport.Grpc, onset: duration * 0.4),
        Twelve("demo-brady", RhythmKind.Bradycardia, 20, StreamTransport.Mqtt),
        Twelve("demo-asystole", RhythmKind.Asystole, 15, StreamTransport.Mqtt, onset: duration * 0.4),
        new SyntheticPatient("demo-wearable-af", new SynthSpec { Rhythm = RhythmKind.AtrialFibrillation, HeartRateBpm = 90, Seed = 21, Leads = [Lead.II] }, StreamTransport.Mqtt),
        new SyntheticPatient("demo-wearable", new SynthSpec { Rhythm = RhythmKind.Sinus, Seed = 16, Leads = [Lead.II] }, StreamTransport.Grpc),
    ];

    private static SyntheticPatient Ventricular(string device, ulong seed, StreamTransport transport, double perMinute, int runLength) => new(
        device, new SynthSpec { Rhythm = RhythmKind.PrematureVentricular, Seed = seed, PvcPerMinute = perMinute, PvcRunLength = runLength }, transport);

    private static SyntheticPatient Twelve(string device, RhythmKind rhythm, ulong seed, StreamTransport transport, TimeSpan? onset = null) =>
        new(device, new SynthSpec { Rhythm = rhythm, Seed = seed, Onset = onset }, transport);
}
