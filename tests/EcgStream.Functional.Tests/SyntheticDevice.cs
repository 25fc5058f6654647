using EcgStream.Client.Encoding;
using EcgStream.Client.Streaming;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;

namespace EcgStream.Functional.Tests;

/// <summary>One session of a device with a synthetic patient, chunk by chunk of 250 ms, as fast as the daemon takes them.</summary>
internal sealed class SyntheticDevice
{
    public const double ChunkSeconds = 0.25;

    private readonly EcgSynthesizer _synthesizer;
    private readonly ChunkBuilder _builder;
    private readonly int _samples;
    private readonly float[] _millivolts;

    /// <param name="device">Device id.</param>
    /// <param name="signal">Its patient.</param>
    /// <param name="startUnixNs">Device clock of the first sample; null = ten minutes ago, so that no sample lies in the future.</param>
    public SyntheticDevice(string device, SynthSpec signal, long? startUnixNs = null)
    {
        var start = startUnixNs ?? (TimeProvider.System.GetUtcNow().AddMinutes(-10).ToUnixTimeMilliseconds() * 1_000_000);
        var session = new DeviceSession(device, DeviceSession.NewSessionId(), start, signal.SampleRateHz, signal.Leads);
        _synthesizer = new EcgSynthesizer(signal);
        _builder = new ChunkBuilder(session);
        _samples = (int)(signal.SampleRateHz * ChunkSeconds);
        _millivolts = new float[signal.Leads.Count * _samples];
    }

    public string Id => _builder.Session.DeviceId;

    public ulong Session => _builder.Session.SessionId;

    public long StartUnixNs => _builder.Session.StartUnixNs;

    public long EndUnixNs => _builder.EndUnixNs;

    /// <summary>Every chunk made so far, in order.</summary>
    public List<SampleChunk> Made { get; } = [];

    /// <summary>Seconds of signal made so far.</summary>
    public double Seconds => (double)_synthesizer.Position / _synthesizer.Spec.SampleRateHz;

    /// <summary>A chunk without any electrode is flat, as an amplifier with open inputs behind a lead-off detector is.</summary>
    public SampleChunk Next(uint electrodesOff = 0, bool end = false)
    {
        _synthesizer.Read(_millivolts, _samples);
        if (electrodesOff == AllElectrodes)
        {
            _millivolts.AsSpan().Clear();
        }

        var chunk = _builder.FromMillivolts(_millivolts, _samples, electrodesOff, end);
        Made.Add(chunk);
        return chunk;
    }

    public const uint AllElectrodes = 0x3FF;

    /// <summary>Streams up to a second of the signal and waits for the answer of every chunk.</summary>
    /// <param name="until">Seconds since the session's start.</param>
    /// <param name="end">Whether the last chunk ends the session.</param>
    /// <param name="electrodesOff">Electrodes that are off at a second of the session.</param>
    public async Task<DeviceStreamTotals> StreamAsync(
        StreamEndpoint to, double until, bool end, CancellationToken cancellation, Func<double, uint>? electrodesOff = null)
    {
        using var factory = new DeviceStreamFactory(to, new DeviceStreamOptions { GiveUpAfter = TimeSpan.FromSeconds(60) }, TimeProvider.System);
        await using var stream = factory.Open(Id);
        await SendAsync(stream, until, end, cancellation, electrodesOff);
        var totals = await stream.CompleteAsync(cancellation);
        Assert.Equal((0, 0), (totals.Refused, totals.Unanswered));
        return totals;
    }

    public async Task SendAsync(IDeviceStream stream, double until, bool end, CancellationToken cancellation, Func<double, uint>? electrodesOff = null)
    {
        while (Seconds < until)
        {
            var last = Seconds + ChunkSeconds >= until;
            await stream.SendAsync(Next(electrodesOff?.Invoke(Seconds) ?? 0, end && last), cancellation);
        }
    }
}
