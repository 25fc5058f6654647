using EcgStream.Core.Beats;
using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using Google.Protobuf;

namespace EcgStream.Faults.Devices;

/// <summary>What an undisturbed daemon makes of a session: its own signal path, run here over the same chunks.</summary>
internal sealed class Reference : ISessionSink
{
    private readonly List<long> _beats = [];

    private Reference()
    {
    }

    /// <summary>Times of the beats, device clock, rising.</summary>
    public IReadOnlyList<long> Beats => _beats;

    public static Reference Of(SessionOutcome session)
    {
        var reference = new Reference();
        var clock = new SessionClock();
        var workspace = new SignalWorkspace(new WindowPlan(new WindowOptions(), []));
        var device = new DeviceSession(session.Device, new SessionOptions(), workspace, reference, clock);
        var ids = new DeviceIdTable(1);
        foreach (var chunk in session.Make())
        {
            var payload = chunk.ToByteArray();
            if (!ChunkDecoder.TryDecode(payload, ids, out var header, out var refusal))
            {
                throw new InvalidOperationException($"a made chunk is refused: {refusal.Message}");
            }

            clock.UnixNs = header.EndUnixNs;
            device.Accept(in header, payload, clock.UnixNs, clock.UnixNs);
        }

        reference._beats.Sort();
        return reference;
    }

    public bool WantsSamples(string deviceId) => false;

    public void OnWindow(RhythmWindow window) => window.Return();

    public void OnWindowDropped(WindowRecipe recipe, string deviceId, long startUnixNs)
    {
    }

    public void OnBeat(in Beat beat) => _beats.Add(beat.TimeUnixNs);

    public void OnVitals(in VitalsSecond vitals)
    {
    }

    public void OnStatus(in SignalStatus status)
    {
    }

    public void OnGap(in SignalGap gap)
    {
    }

    public void OnSamples(in FilteredSamples samples)
    {
    }

    private sealed class SessionClock : TimeProvider
    {
        public long UnixNs { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => UnixNs;
    }
}
