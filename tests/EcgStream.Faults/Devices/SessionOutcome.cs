using EcgStream.Client.Encoding;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using DeviceSession = EcgStream.Client.Encoding.DeviceSession;

namespace EcgStream.Faults.Devices;

/// <summary>What one session sent and what it was told: the devices' page of the books. From it every chunk can be made again, byte for byte.</summary>
internal sealed record SessionOutcome(
    string Device, ulong Session, ulong Seed, long StartUnixNs, int Chunks, long Acked, long Duplicate, long Refused, long Unanswered, long Resent, long Reconnects, string Problem)
{
    public const double ChunkSeconds = 0.25;

    public double Seconds => Chunks * ChunkSeconds;

    public long EndUnixNs => StartUnixNs + (long)(Seconds * 1e9);

    /// <summary>A heart that stands still from 12 s to 22 s: one asystole per session, and sinus rhythm around it.</summary>
    public static SynthSpec Signal(ulong seed) =>
        new() { Rhythm = RhythmKind.Asystole, Seed = seed, Onset = TimeSpan.FromSeconds(12), EpisodeDuration = TimeSpan.FromSeconds(10) };

    /// <summary>The session's chunks again.</summary>
    public IEnumerable<SampleChunk> Make()
    {
        var maker = new ChunkMaker(Device, Session, Seed, StartUnixNs);
        for (var number = 0; number < Chunks; number++)
        {
            yield return maker.Next(end: number == Chunks - 1);
        }
    }
}

/// <summary>Chunks of one session, one after the other.</summary>
internal sealed class ChunkMaker
{
    private readonly EcgSynthesizer _synthesizer;
    private readonly ChunkBuilder _builder;
    private readonly int _samples;
    private readonly float[] _millivolts;

    public ChunkMaker(string device, ulong session, ulong seed, long startUnixNs)
    {
        var signal = SessionOutcome.Signal(seed);
        _synthesizer = new EcgSynthesizer(signal);
        _builder = new ChunkBuilder(new DeviceSession(device, session, startUnixNs, signal.SampleRateHz, signal.Leads));
        _samples = (int)(signal.SampleRateHz * SessionOutcome.ChunkSeconds);
        _millivolts = new float[signal.Leads.Count * _samples];
    }

    public SampleChunk Next(bool end)
    {
        _synthesizer.Read(_millivolts, _samples);
        return _builder.FromMillivolts(_millivolts, _samples, 0, end);
    }
}
