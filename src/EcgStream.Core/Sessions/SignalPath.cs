using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Quality;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Sessions;

/// <summary>
/// The way of one session's samples from ordered chunks to windows, beats and vitals: gaps, physical units, 500 Hz, quality, filter, rings, detector, windower.
/// Made anew for each session. One thread.
/// </summary>
internal sealed class SignalPath
{
    /// <summary>The longest gap that is interpolated.</summary>
    public const double MaxInterpolatedSeconds = 0.040;

    private const long MaxStepBackNs = 40_000_000;

    // Stamps that jitter by a millisecond are common; what is more than three quarters of a sample off, and more than that, is a gap.
    private const double JitterSeconds = 0.001;
    private const double JitterSamples = 0.75;

    // Search-back may look for a beat a few seconds ago, however short the windows are.
    private const int LeastRingSamples = 5 * SampleClock.RateHz;

    private readonly SignalWorkspace _workspace;
    private readonly StreamCounters _counters;
    private readonly ISessionSink _sink;
    private readonly StreamResampler _resampler;
    private readonly SosFilter _filter;
    private readonly QualityMeter _quality;
    private readonly SampleRings _rings;
    private readonly RhythmWindower _windower;
    private readonly BeatWindower _beatWindower;
    private readonly LeadUse _leads;
    private readonly BeatTracker _beats;
    private readonly WaveMeter _waveMeter;
    private readonly double[] _lastFrame;
    private readonly int _stride;
    private SegmentClock _clock;
    private long _inputSamples;
    private long _samples;
    private bool _running;
    private bool _wantsSamples;
    private uint _offInSecond;
    private int _beatsInSecond;
    private long _ingestTimestamp;
    private WaveMeasure _waves;
    private SecondQuality _lastQuality;

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
        _filter = new SosFilter(MonitoringBand.Sections, first.Leads.Count);
        _quality = new QualityMeter(Layout);
        _windower = new RhythmWindower(workspace.Plan, workspace, Layout);
        _beatWindower = new BeatWindower(workspace, Layout);

        // Of a 12-lead device no model takes III, aVR, aVL and aVF: detector and wave meter alone look at them, and not far back.
        _rings = new SampleRings(Layout, _windower.Leads(Layout) | _beatWindower.Leads(Layout), Math.Max(LeastRingSamples, workspace.Plan.RingSamples), LeastRingSamples);
        _leads = new LeadUse(Layout);
        _beats = new BeatTracker(Layout, workspace);
        _waveMeter = new WaveMeter(Layout);
        _stride = _resampler.Stride;
        _lastFrame = new double[_stride];
    }

    public string DeviceId { get; }

    public ulong SessionId { get; }

    public double SampleRateHz { get; }

    public LeadLayout Layout { get; }

    /// <summary>Analyses the next chunk in order.</summary>
    /// <param name="header">Same rate and leads as the first.</param>
    /// <param name="samples">Its sample bytes.</param>
    /// <param name="missingChunks">Sequence numbers given up right before it.</param>
    /// <param name="ingestTimestamp">When it came in.</param>
    public void Process(in ChunkHeader header, ReadOnlySpan<byte> samples, long missingChunks, long ingestTimestamp)
    {
        _ingestTimestamp = ingestTimestamp;
        _wantsSamples = _sink.WantsSamples(DeviceId);
        Join(in header, samples, missingChunks);
        _clock.Anchor(_inputSamples * _resampler.OutputPerInput);
        _clock.Advance(header.SamplesPerLead, SampleRateHz);
        _leads.BeginChunk(header.ElectrodesOff, _samples);
        _beats.Use(_leads.Usable);
        for (var first = 0; first < header.SamplesPerLead; first += SignalWorkspace.BlockFrames)
        {
            var count = Math.Min(SignalWorkspace.BlockFrames, header.SamplesPerLead - first);
            var frames = _workspace.Input.AsSpan(0, count * _stride);
            FrameReader.Read(in header, samples, first, count, frames, _stride, _workspace.Rails);
            _quality.AddRails(_workspace.Rails.AsSpan(0, header.Leads.Count), count);
            _leads.AddRails(_workspace.Rails, count);
            frames[^_stride..].CopyTo(_lastFrame);
            Push(frames);
        }

        _leads.EndChunk(_clock.ExpectedUnixNs - (long)Math.Round(header.SamplesPerLead * (1e9 / SampleRateHz)));
        _sink.OnStatus(new SignalStatus(
            DeviceId,
            SessionId,
            _clock.ExpectedUnixNs,
            _beats.LastUnixNs,
            _leads.AnalysableSinceUnixNs,
            _beats.Rate.At(_clock.ExpectedUnixNs),
            _leads.Off,
            Layout.PresentMask,
            ingestTimestamp)
        {
            LeadsPoor = _lastQuality.Poor,
            LeadsFlat = _lastQuality.Flat,
            LeadsDead = _lastQuality.Dead,
            Waves = _waves,
        });
    }

    /// <summary>The session is over: what the resampler still holds is analysed.</summary>
    public void End()
    {
        if (_running)
        {
            Advance(_workspace.Output.AsSpan(0, _resampler.Flush(_workspace.Output) * _stride));
            _beatWindower.End(_samples, _ingestTimestamp, _rings, _leads.History, _counters, _sink);
            _running = false;
        }
    }

    // Puts the chunk behind the one before: on time, after a short gap that is filled, or as the begin of a new segment.
    private void Join(in ChunkHeader header, ReadOnlySpan<byte> samples, long missingChunks)
    {
        if (!_running)
        {
            StartSegment(header.DeviceTimeUnixNs);
            return;
        }

        var difference = header.DeviceTimeUnixNs - _clock.ExpectedUnixNs;
        var missing = difference * 1e-9 * SampleRateHz;
        if (Math.Abs(missing) <= Math.Max(JitterSamples, JitterSeconds * SampleRateHz))
        {
            _clock.Slew(difference);
        }
        else if (missing > 0 && Math.Round(missing) <= (MaxInterpolatedSeconds * SampleRateHz) + 1e-6)
        {
            Report(header.DeviceTimeUnixNs, SignalGapKind.Interpolated, missingChunks);
            _counters.GapsInterpolated++;
            Interpolate(in header, samples, (int)Math.Round(missing));
            _clock.Slew(header.DeviceTimeUnixNs - _clock.ExpectedUnixNs);
        }
        else if (missing < 0)
        {
            _counters.ClockSteps++;
            if (difference < -MaxStepBackNs || missingChunks > 0)
            {
                Break(header.DeviceTimeUnixNs, SignalGapKind.ClockStep, missingChunks);
            }
            else
            {
                // The sequence says that nothing is lost: every sample is kept, and the clock is followed slowly.
                _clock.Slew(difference);
            }
        }
        else
        {
            Break(header.DeviceTimeUnixNs, SignalGapKind.Broken, missingChunks);
        }
    }

    private void Break(long nextUnixNs, SignalGapKind kind, long missingChunks)
    {
        End();
        Report(nextUnixNs, kind, missingChunks);
        _counters.GapsBroken++;
        StartSegment(nextUnixNs);
    }

    private void Report(long nextUnixNs, SignalGapKind kind, long missingChunks) =>
        _sink.OnGap(new SignalGap(DeviceId, SessionId, _clock.ExpectedUnixNs, nextUnixNs, kind, missingChunks));

    private void StartSegment(long unixNs)
    {
        _running = true;
        _clock.Start(unixNs);
        _inputSamples = 0;
        _samples = 0;
        _resampler.Reset();
        _filter.Reset();
        _quality.Reset();
        _rings.Clear();
        _windower.Reset();
        _beatWindower.Reset();
        _leads.Reset();
        _beats.Reset();
        _offInSecond = 0;
        _beatsInSecond = 0;
        _waves = default;
        _lastQuality = default;
    }

    private void Interpolate(in ChunkHeader header, ReadOnlySpan<byte> samples, int count)
    {
        Span<double> next = stackalloc double[LaneMath.Stride(LeadList.MaxCount)];
        FrameReader.Read(in header, samples, 0, 1, next, _stride, _workspace.Rails);
        var frames = _workspace.Input.AsSpan(0, count * _stride);
        for (var index = 0; index < count; index++)
        {
            var share = (index + 1.0) / (count + 1);
            for (var lane = 0; lane < _stride; lane++)
            {
                frames[(index * _stride) + lane] = _lastFrame[lane] + (share * (next[lane] - _lastFrame[lane]));
            }
        }

        _clock.Anchor(_inputSamples * _resampler.OutputPerInput);
        _clock.Advance(count, SampleRateHz);
        Push(frames);

        // The resampler's window reaches over the last of them for some more samples.
        _leads.History.Interpolated((long)Math.Ceiling((_inputSamples + _resampler.DelaySamples) * _resampler.OutputPerInput));
    }

    private void Push(Span<double> frames)
    {
        _inputSamples += frames.Length / _stride;
        if (_resampler.IsIdentity)
        {
            Advance(frames);
        }
        else
        {
            var made = _resampler.Push(frames, _workspace.Output);
            Advance(_workspace.Output.AsSpan(0, made * _stride));
        }
    }

    // Takes 500 Hz frames through all stages, stopping at every second and at every sample that completes a window.
    private void Advance(Span<double> frames)
    {
        while (!frames.IsEmpty)
        {
            var untilSecond = SampleClock.RateHz - (int)(_samples % SampleClock.RateHz);
            var take = Math.Min(Math.Min(frames.Length / _stride, untilSecond), _windower.UntilNext(_samples));
            var piece = frames[..(take * _stride)];
            frames = frames[(take * _stride)..];
            _quality.Add(piece);
            _filter.Process(piece);
            _rings.Append(piece);
            _samples += take;
            _leads.Passed(_samples);
            _offInSecond |= _leads.Off;
            _beatsInSecond += _beats.Process(piece, _rings, _samples, in _clock, new BeatOrigin(DeviceId, SessionId, _ingestTimestamp), _beatWindower, _counters, _sink);
            _beatWindower.Process(_samples, _ingestTimestamp, _rings, _leads.History, _counters, _sink);
            if (_wantsSamples)
            {
                HandOut(take);
            }

            if (_samples % SampleClock.RateHz == 0)
            {
                CloseSecond();
            }

            if (_windower.UntilNext(_samples) == 0)
            {
                _windower.Emit(_samples, new WindowOrigin(DeviceId, SessionId, _clock.At(_samples), _ingestTimestamp), _rings, _leads.History, _counters, _sink);
            }
        }
    }

    private void CloseSecond()
    {
        var quality = _quality.Close();
        var end = _clock.At(_samples);
        _leads.History.Poor(quality.Poor, _samples);
        _leads.History.Saturated(quality.Saturated, _samples);
        _lastQuality = quality;
        _waves = _waveMeter.Measure(_rings, end, _leads.Usable & ~(quality.Saturated | quality.Noisy), _workspace.Waves);
        _sink.OnVitals(new VitalsSecond(DeviceId, SessionId, end, _beats.Rate.At(end), _beatsInSecond, _offInSecond, quality, _ingestTimestamp));
        _offInSecond = 0;
        _beatsInSecond = 0;
    }

    private void HandOut(int count)
    {
        var rows = Layout.Rows.Length;
        for (var row = 0; row < rows; row++)
        {
            _rings.Copy(row, 0, _workspace.Samples.AsSpan(row * count, count));
        }

        _sink.OnSamples(new FilteredSamples
        {
            DeviceId = DeviceId,
            SessionId = SessionId,
            StartUnixNs = _clock.At(_samples - count),
            Leads = Layout.Rows,
            SamplesPerLead = count,
            Millivolts = _workspace.Samples.AsSpan(0, rows * count),
        });
    }
}
