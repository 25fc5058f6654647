using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Tests.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Benchmarks.Pipeline;

/// <summary>One 12-lead device at 500 Hz with 250 ms chunks and the window that the shipped 12-lead model takes: from payload bytes to prepared windows.</summary>
internal sealed class PipelineDevice
{
    private const int Seconds = 60;
    private const int ChunksPerSecond = 4;

    private readonly DeviceIdTable _ids = new(8);
    private readonly byte[][] _payloads;
    private readonly SignalWorkspace _workspace;
    private DeviceSession? _device;
    private ulong _sequence;

    public PipelineDevice()
    {
        var recipe = new WindowRecipe(
            "rhythm",
            [Lead.I, Lead.II, Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V5, Lead.V6],
            5000,
            [new WindowStep.Decimate(4, 0), new WindowStep.ZScore(ZScoreAxis.Lead, 1e-3)],
            1250);
        _workspace = new SignalWorkspace(new WindowPlan(new WindowOptions(), [new RhythmWindowPool(recipe, 2)]));
        var stream = new Stream(LeadList.Of([.. LeadNames.StandardTwelve]), 500, 500 * Seconds, 1);
        _payloads = [.. Enumerable.Range(0, Seconds * ChunksPerSecond).Select(index => Encode(stream, index))];
    }

    public long Windows => _device!.Counters.Windows;

    public long Beats { get; private set; }

    /// <summary>Makes the device anew.</summary>
    /// <returns>Bytes that it and its first ten seconds allocated: all that it holds, and what its creation left behind.</returns>
    public long Start()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        _device = new DeviceSession("bed-1", new SessionOptions(), _workspace, new CountingSink(this), TimeProvider.System);
        _sequence = 0;
        for (var second = 0; second < 10; second++)
        {
            RunSecond();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>One second of signal: four payloads through decoder and session.</summary>
    public void RunSecond()
    {
        for (var chunk = 0; chunk < ChunksPerSecond; chunk++)
        {
            var payload = _payloads[_sequence % (ulong)_payloads.Length];
            if (!ChunkDecoder.TryDecode(payload, _ids, out var header, out var refusal))
            {
                throw new InvalidOperationException(refusal.Message);
            }

            // The same minute again and again, on a clock that goes on.
            var later = header with { Sequence = _sequence, DeviceTimeUnixNs = Stream.Start + ((long)_sequence * 250_000_000) };
            _device!.Accept(in later, payload, 0, later.EndUnixNs);
            _sequence++;
        }
    }

    private static byte[] Encode(Stream stream, int index)
    {
        var (header, samples) = stream.Chunk(index * 125, 125, (ulong)index);
        return new ChunkWriter
        {
            DeviceId = header.DeviceId,
            Sequence = header.Sequence,
            DeviceTimeUnixNs = (ulong)header.DeviceTimeUnixNs,
            Leads = [.. LeadNames.StandardTwelve.Select(lead => (int)lead)],
            Gain = header.GainMicrovoltsPerLsb,
            Baseline = header.BaselineLsb,
            Samples = samples,
        }.Write();
    }

    private sealed class CountingSink(PipelineDevice owner) : ISessionSink
    {
        public bool WantsSamples(string deviceId) => false;

        public void OnWindow(RhythmWindow window) => window.Return();

        public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs) => throw new InvalidOperationException("A window was dropped");

        public void OnBeat(in Beat beat) => owner.Beats++;

        public void OnVitals(in VitalsSecond vitals) { }

        public void OnStatus(in SignalStatus status) { }

        public void OnGap(in SignalGap gap) => throw new InvalidOperationException($"{gap}");

        public void OnSamples(in FilteredSamples samples) { }
    }
}
