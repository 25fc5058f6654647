using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>
/// The path of one session's samples from ordered chunks to a gapless row of 500 Hz frames: continuity, physical units, electrodes, 500 Hz. What is made of the
/// frames is <see cref="SessionAnalysis"/>'s. Made anew for each session. One thread.
/// </summary>
/// <remarks>
/// Only missing sequence numbers make a gap. One of up to <see cref="MaxInterpolatedSeconds"/> is filled by straight lines. One of up to <see cref="MaxBridgedSeconds"/>
/// too, but nothing is looked for in it and no window spans it. Behind a longer one filters and rings begin anew, on the same grid of samples.
/// </remarks>
internal sealed class SignalPath
{
    /// <summary>The longest gap that is taken for signal once it is filled.</summary>
    public const double MaxInterpolatedSeconds = 0.040;

    /// <summary>The longest gap that costs only itself.</summary>
    public const double MaxBridgedSeconds = 2;

    /// <summary>The state of the signal is told every 100 ms of it, wherever its chunks end.</summary>
    private const double TicksPerSecond = 10;

    private readonly SignalWorkspace _workspace;
    private readonly StreamCounters _counters;
    private readonly ISessionSink _sink;
    private readonly StreamResampler _resampler;
    private readonly LaneHold _hold;
    private readonly LeadUse _leads;
    private readonly SessionClock _clock = new();
    private readonly SessionAnalysis _analysis;
    private readonly double[] _lastFrame;
    private readonly int _stride;
    private readonly int _tick;
    private readonly ChunkLengths _lengths = new();

    // Input samples since the session began and since the last long gap, and the 500 Hz sample that the latter began at.
    private long _index;
    private long _inputs;
    private long _base;
    private bool _begun;
    private bool _running;

    public SignalPath(in ChunkHeader first, SignalWorkspace workspace, StreamCounters counters, ISessionSink sink)
    {
        DeviceId = first.DeviceId;
        SessionId = first.SessionId;
        SampleRateHz = first.SampleRateHz;
        Layout = new LeadLayout(first.Leads);
        _workspace = workspace;
        _counters = counters;
        _sink = sink;
        _resampler = new StreamResampler(SampleRateHz, first.Leads.Count, SignalWorkspace.BlockFrames);
        _stride = _resampler.Stride;
        _hold = new LaneHold(first.Leads.Count, _stride);
        _leads = new LeadUse(Layout);
        _analysis = new SessionAnalysis(this, _leads, _clock, workspace, counters, sink);
        _lastFrame = new double[_stride];
        _tick = Math.Max(1, (int)Math.Round(SampleRateHz / TicksPerSecond));
    }

    public string DeviceId { get; }

    public ulong SessionId { get; }

    public double SampleRateHz { get; }

    public LeadLayout Layout { get; }

    /// <summary>
    /// Device clock of a sample that lies whole hops and whole seconds from the session's first one; null when the first chunk that comes is the session's first. Set before it.
    /// </summary>
    public long? GridUnixNs { get; init; }

    /// <summary>Analyses the next chunk in order.</summary>
    /// <param name="header">Same rate and leads as the first.</param>
    /// <param name="samples">Its sample bytes.</param>
    /// <param name="missingChunks">Sequence numbers given up right before it.</param>
    /// <param name="ingestTimestamp">When it came in.</param>
    /// <returns>True if the device's clock was set.</returns>
    public bool Process(in ChunkHeader header, ReadOnlySpan<byte> samples, long missingChunks, long ingestTimestamp)
    {
        _analysis.Take(ingestTimestamp);
        var clockWasSet = Join(in header, samples, missingChunks);
        _lengths.Add(header.SamplesPerLead);
        SetElectrodes(header.ElectrodesOff);
        Anchor();
        _clock.Advance(header.SamplesPerLead, SampleRateHz);
        for (var first = 0; first < header.SamplesPerLead;)
        {
            var count = Math.Min(Math.Min(SignalWorkspace.BlockFrames, UntilTick()), header.SamplesPerLead - first);
            var frames = _workspace.Input.AsSpan(0, count * _stride);
            FrameReader.Read(in header, samples, first, count, frames, _stride, _workspace.Rails);
            _analysis.AddRails(_workspace.Rails.AsSpan(0, header.Leads.Count), count);
            _hold.Apply(frames, _leads.OffLanes);
            frames[^_stride..].CopyTo(_lastFrame);
            Push(frames);
            first += count;
            if (_index % _tick == 0)
            {
                _analysis.Tick();
            }
        }

        return clockWasSet;
    }

    /// <summary>The session is over: what the resampler still holds is analysed.</summary>
    public void End()
    {
        if (_running)
        {
            _analysis.Advance(_workspace.Output.AsSpan(0, _resampler.Flush(_workspace.Output) * _stride));
            _analysis.End();
            _running = false;
        }
    }

    // Puts the chunk behind the one before.
    private bool Join(in ChunkHeader header, ReadOnlySpan<byte> samples, long missingChunks)
    {
        if (!_begun)
        {
            _begun = true;
            Start(header.DeviceTimeUnixNs);
            return false;
        }

        if (missingChunks > 0)
        {
            var stamped = (header.DeviceTimeUnixNs - _clock.ExpectedUnixNs) * 1e-9 * SampleRateHz;
            var lost = _lengths.Lost(missingChunks, header.SamplesPerLead, stamped, SampleRateHz);
            if (lost > (MaxBridgedSeconds * SampleRateHz) + 0.5)
            {
                return Break(in header, lost, missingChunks);
            }

            Bridge(in header, samples, (int)lost, missingChunks);
        }

        return Follow(in header);
    }

    private bool Follow(in ChunkHeader header)
    {
        var before = _clock.ExpectedUnixNs;
        if (!_clock.Follow(header.DeviceTimeUnixNs, header.SamplesPerLead / SampleRateHz))
        {
            return false;
        }

        _counters.ClockSteps++;
        Report(before, SignalGapKind.ClockStep, 0);
        return true;
    }

    private bool Break(in ChunkHeader header, long lost, long missingChunks)
    {
        End();
        var before = _clock.ExpectedUnixNs;
        var clockWasSet = _clock.Resume(header.DeviceTimeUnixNs, (long)Math.Round(lost * (1e9 / SampleRateHz)));
        Report(before, SignalGapKind.Broken, missingChunks);
        _counters.GapsBroken++;
        _counters.ClockSteps += clockWasSet ? 1 : 0;
        _base += (long)Math.Round((_inputs + lost) * _resampler.OutputPerInput);
        _index += lost;
        Begin();
        return clockWasSet;
    }

    private void Report(long beforeUnixNs, SignalGapKind kind, long missingChunks) =>
        _sink.OnGap(new SignalGap(DeviceId, SessionId, beforeUnixNs, _clock.ExpectedUnixNs, kind, missingChunks));

    private void Start(long unixNs)
    {
        _clock.Start(unixNs);
        if (GridUnixNs is { } grid)
        {
            // In mid-session: on the grid of what was cut before, as near to 0 as that allows.
            long whole = _workspace.Plan.HopSamples * SampleClock.RateHz;
            var behind = (long)Math.Round((unixNs - grid) / (double)SampleClock.SampleNs) % whole;
            _base = behind < 0 ? behind + whole : behind;
            _index = (long)Math.Round(_base / _resampler.OutputPerInput);
        }

        Begin();
    }

    private void Begin()
    {
        _running = true;
        _inputs = 0;
        _resampler.Reset();
        _leads.Break(_base);
        _analysis.Begin(_base);
    }

    private void Bridge(in ChunkHeader header, ReadOnlySpan<byte> samples, int lost, long missingChunks)
    {
        var isSignal = lost <= (MaxInterpolatedSeconds * SampleRateHz) + 1e-6;
        Span<double> next = stackalloc double[LaneMath.Stride(LeadList.MaxCount)];
        next = next[.._stride];
        FrameReader.Read(in header, samples, 0, 1, next, _stride, _workspace.Rails);
        SetElectrodes(header.ElectrodesOff);
        _hold.Apply(next, _leads.OffLanes);
        var before = _clock.ExpectedUnixNs;
        Anchor();
        _clock.Advance(lost, SampleRateHz);
        Report(before, isSignal ? SignalGapKind.Interpolated : SignalGapKind.Bridged, missingChunks);
        _counters.GapsInterpolated += isSignal ? 1 : 0;
        _counters.GapsBroken += isSignal ? 0 : 1;
        _analysis.BeginBridge(isSignal);
        for (var first = 0; first < lost;)
        {
            var count = Math.Min(Math.Min(SignalWorkspace.BlockFrames, UntilTick()), lost - first);
            var frames = _workspace.Input.AsSpan(0, count * _stride);
            for (var index = 0; index < count; index++)
            {
                var share = (first + index + 1.0) / (lost + 1);
                for (var lane = 0; lane < _stride; lane++)
                {
                    frames[(index * _stride) + lane] = _lastFrame[lane] + (share * (next[lane] - _lastFrame[lane]));
                }
            }

            Push(frames);
            first += count;
        }

        // The resampler's window reaches over the last of them for some more samples.
        _analysis.EndBridge((long)Math.Ceiling(_base + ((_inputs + _resampler.DelaySamples) * _resampler.OutputPerInput)));
    }

    private void SetElectrodes(uint electrodesOff)
    {
        _leads.SetElectrodes(electrodesOff, _analysis.Samples);
        _analysis.UseLeads();
    }

    private void Anchor() => _clock.Anchor(_base + (_inputs * _resampler.OutputPerInput));

    private int UntilTick() => _tick - (int)(_index % _tick);

    private void Push(Span<double> frames)
    {
        _index += frames.Length / _stride;
        _inputs += frames.Length / _stride;
        if (_resampler.IsIdentity)
        {
            _analysis.Advance(frames);
        }
        else
        {
            var made = _resampler.Push(frames, _workspace.Output);
            _analysis.Advance(_workspace.Output.AsSpan(0, made * _stride));
        }
    }
}
