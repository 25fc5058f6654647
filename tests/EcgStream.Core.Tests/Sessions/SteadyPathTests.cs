using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Tests.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Tests.Sessions;

/// <summary>Budgets that are exact, not timed: bytes allocated per chunk, and bytes held per device.</summary>
public sealed class SteadyPathTests
{
    private static readonly WindowRecipe Recipe = new(
        "m", [Lead.I, Lead.II, Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V5, Lead.V6], 5000, [new WindowStep.Decimate(4, 0), new WindowStep.ZScore(ZScoreAxis.Lead, 1e-3)], 1250);

    [Theory]
    [InlineData(500, 12)]
    [InlineData(360, 2)]
    [InlineData(1000, 1)]
    public void Accept_DecodedChunks_AllocateNothing(double rate, int leads)
    {
        var list = LeadList.Of([.. LeadNames.StandardTwelve.Take(leads)]);
        var stream = new Stream(list, rate, (int)rate * 40, 1);
        var ids = new DeviceIdTable(8);
        var payloads = stream.Cut(() => (int)rate / 4, end: false).Select(Encode).ToArray();
        var device = NewDevice();
        for (var index = 0; index < 60; index++)
        {
            Take(index);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 60; index < payloads.Length; index++)
        {
            Take(index);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(device.Counters.Windows > 20 || leads < 12);

        void Take(int index)
        {
            Assert.True(ChunkDecoder.TryDecode(payloads[index], ids, out var header, out _));
            device.Accept(in header, payloads[index], index, header.EndUnixNs);
        }
    }

    [Fact]
    public void NewDevice_TwelveLeads_HoldsLessThan512KiB()
    {
        var stream = new Stream(LeadList.Of([.. LeadNames.StandardTwelve]), 500, 6000, 1);
        var chunks = stream.Cut(() => 125, end: false);
        var workspace = new SignalWorkspace(new WindowPlan(new WindowOptions(), [new RhythmWindowPool(Recipe, 2)]));
        var sink = new NullSink();
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 240_000, 512 * 1024);

        void Run()
        {
            var device = new DeviceSession("bed-1", new SessionOptions(), workspace, sink, TimeProvider.System);
            foreach (var (header, payload) in chunks)
            {
                device.Accept(in header, payload, 0, header.EndUnixNs);
            }
        }
    }

    private static DeviceSession NewDevice() =>
        new("bed-1", new SessionOptions(), new SignalWorkspace(new WindowPlan(new WindowOptions(), [new RhythmWindowPool(Recipe, 2)])), new NullSink(), TimeProvider.System);

    private static byte[] Encode((ChunkHeader Header, byte[] Payload) chunk) => new ChunkWriter
    {
        DeviceId = chunk.Header.DeviceId,
        Sequence = chunk.Header.Sequence,
        DeviceTimeUnixNs = (ulong)chunk.Header.DeviceTimeUnixNs,
        SampleRateHz = chunk.Header.SampleRateHz,
        Leads = [.. Enumerable.Range(0, chunk.Header.Leads.Count).Select(index => (int)chunk.Header.Leads[index])],
        SamplesPerLead = (uint)chunk.Header.SamplesPerLead,
        Gain = chunk.Header.GainMicrovoltsPerLsb,
        Baseline = chunk.Header.BaselineLsb,
        Samples = chunk.Payload,
    }.Write();

    private sealed class NullSink : ISessionSink
    {
        public bool WantsSamples(string deviceId) => true;

        public void OnWindow(RhythmWindow window) => window.Return();

        public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs) => Assert.Fail("dropped");

        public void OnBeat(in Beat beat) { }

        public void OnVitals(in VitalsSecond vitals) { }

        public void OnStatus(in SignalStatus status) { }

        public void OnGap(in SignalGap gap) => Assert.Fail("gap");

        public void OnSamples(in FilteredSamples samples) { }
    }
}
