using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Beats;
using EcgStream.Core.Quality;
using EcgStream.Core.Signals;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Sessions;

/// <summary>
/// What is made of a session's 500 Hz frames: quality, filter, rings, beats, windows, vitals, and the state of the signal at each tick. Samples are counted
/// from the session's first one on, gaps included. One thread.
/// </summary>
internal sealed class SessionAnalysis
{
    // Search-back may look for a beat a few seconds ago, and the wave meter at 4 s around a gap, however short the windows are.
    private const int LeastRingSamples = 6 * SampleClock.RateHz;

    // A QRS complex right before a gap is still told of within it: a straight line looks like no beat.
    private const int LookOnSamples = 40;

    private readonly SignalPath _path;
    private readonly LeadUse _leads;
    private readonly SessionClock _clock;
    private readonly SignalWorkspace _workspace;
    private readonly StreamCounters _counters;
    private readonly ISessionSink _sink;
    private readonly SosFilter _filter;
    private readonly QualityMeter _quality;
    private readonly SampleRings _rings;
    private readonly RhythmWindower _windower;
    private readonly BeatWindower _beatWindower;
    private readonly BeatTracker _beats;
    private readonly WaveMeter _waveMeter;
    private readonly QrsSilence _silence = new();
    private readonly BridgedGaps _gaps = new();
    private readonly int _stride;
    private long _silenceFrom;
    private bool _bridging;
    private long _bridgeFrom;
    private int _bridgedInSecond;
    private bool _wantsSamples;
    private uint _offInSecond;
    private int _beatsInSecond;
    private long _ingestTimestamp;
    private WaveMeasure _waves;
    private SecondQuality _lastQuality;

    public SessionAnalysis(SignalPath path, LeadUse leads, SessionClock clock, SignalWorkspace workspace, StreamCounters counters, ISessionSink sink)
    {
        _path = path;
        _leads = leads;
        _clock = clock;
        _workspace = workspace;
        _counters = counters;
        _sink = sink;
        var layout = path.Layout;
        _filter = new SosFilter(MonitoringBand.Sections, layout.Carried.Count);
        _quality = new QualityMeter(layout);
        _windower = new RhythmWindower(workspace.Plan, workspace, layout);
        _beatWindower = new BeatWindower(workspace, layout);

        // Of a 12-lead device no model takes III, aVR, aVL and aVF: detector and wave meter alone look at them, and not far back.
        _rings = new SampleRings(layout, _windower.Leads(layout) | _beatWindower.Leads(layout), Math.Max(LeastRingSamples, workspace.Plan.RingSamples), LeastRingSamples);
        _beats = new BeatTracker(layout, workspace);
        _waveMeter = new WaveMeter(layout);
        _stride = _filter.Stride;
    }

    /// <summary>Samples of the session so far.</summary>
    public long Samples { get; private set; }

    /// <summary>A chunk is being analysed.</summary>
    public void Take(long ingestTimestamp)
    {
        _ingestTimestamp = ingestTimestamp;
        _wantsSamples = _sink.WantsSamples(_path.DeviceId);
    }

    /// <summary>The signal begins, or begins anew behind a long gap: what is known of the heart stays.</summary>
    public void Begin(long sample)
    {
        Samples = sample;
        _filter.Reset();
        _quality.Reset();
        _rings.Clear();
        _windower.Skip(sample);
        _beatWindower.Reset();
        _beats.Begin(sample);
        _gaps.Clear();
        _bridgedInSecond = 0;
        _offInSecond = 0;
        _beatsInSecond = 0;
        _waves = default;
        _lastQuality = default;
    }

    /// <summary>What comes until <see cref="EndBridge"/> are lines that fill a gap.</summary>
    /// <param name="isSignal">It is so short that it is looked at.</param>
    public void BeginBridge(bool isSignal)
    {
        _bridging = !isSignal;
        _bridgeFrom = Samples;
    }

    /// <param name="untilSample">Samples before this one are touched by the lines.</param>
    public void EndBridge(long untilSample)
    {
        _leads.History.Interpolated(untilSample);
        if (_bridging)
        {
            _bridging = false;
            _gaps.Add(_bridgeFrom, Samples);
            _windower.Skip(untilSample);
            _beats.Use(0);
            UseLeads();
        }
    }

    /// <summary>Looks at the leads that are usable now.</summary>
    public void UseLeads() => _beats.Use(_bridging && Samples - _bridgeFrom >= LookOnSamples ? 0 : _leads.Usable);

    public void AddRails(ReadOnlySpan<int> perLane, int samples)
    {
        _quality.AddRails(perLane, samples);
        _leads.AddRails(perLane, samples);
    }

    /// <summary>A tick is over: tells the state of the signal.</summary>
    public void Tick()
    {
        _leads.Tick(Samples);
        UseLeads();
        var since = _leads.AnalysableSince;
        if (since > _silenceFrom)
        {
            _silenceFrom = since.Value;
            _silence.Restart(Samples - _silenceFrom);
        }

        var end = _clock.At(Samples);
        var unknown = Unknown();
        _sink.OnStatus(new SignalStatus(
            _path.DeviceId,
            _path.SessionId,
            end,
            _beats.LastPeak is { } peak ? _clock.At(peak) : null,
            since is { } sample ? _clock.At(sample) : null,
            _beats.Rate.At(Steady(Samples - unknown)),
            _leads.Off,
            _path.Layout.PresentMask,
            _ingestTimestamp)
        {
            LeadsPoor = _lastQuality.Poor,
            LeadsFlat = _lastQuality.Flat,
            LeadsDead = _lastQuality.Dead,
            Waves = _waves,
            ClockStepsNs = _clock.StepsNs,
            UnknownNs = unknown * SampleClock.SampleNs,
            NotAnalysed = !_silence.TakeAnalysed() || !_beats.IsReady,
        });
    }

    /// <summary>Takes 500 Hz frames through all stages, stopping at every second and at every sample that completes a window.</summary>
    public void Advance(Span<double> frames)
    {
        while (!frames.IsEmpty)
        {
            var untilSecond = SampleClock.RateHz - (int)(Samples % SampleClock.RateHz);
            var take = Math.Min(Math.Min(frames.Length / _stride, untilSecond), _windower.UntilNext(Samples));
            var piece = frames[..(take * _stride)];
            frames = frames[(take * _stride)..];
            _quality.Add(piece);
            _filter.Process(piece);
            _rings.Append(piece);
            Samples += take;
            _leads.Passed(Samples);
            _offInSecond |= _leads.Off;
            _silence.Pass(take, _beats.IsLooking && !_bridging && _leads.AnalysableSince is not null, _bridging);
            FindBeats(piece);
            if (_bridging)
            {
                _bridgedInSecond += take;
                UseLeads();
            }

            _beatWindower.Process(Samples, _ingestTimestamp, _rings, _leads.History, _counters, _sink);
            if (_wantsSamples)
            {
                HandOut(take);
            }

            if (Samples % SampleClock.RateHz == 0)
            {
                CloseSecond();
            }

            if (_windower.UntilNext(Samples) == 0)
            {
                _windower.Emit(Samples, new WindowOrigin(_path.DeviceId, _path.SessionId, _clock.At(Samples), _ingestTimestamp), _rings, _leads.History, _counters, _sink);
            }
        }
    }

    /// <summary>No frames follow, or none that touch these.</summary>
    public void End() => _beatWindower.End(Samples, _ingestTimestamp, _rings, _leads.History, _counters, _sink);

    private void FindBeats(ReadOnlySpan<double> piece)
    {
        var found = _beats.Process(piece, _rings, Samples, _clock, new BeatOrigin(_path.DeviceId, _path.SessionId, _ingestTimestamp), _beatWindower, _counters, _sink);
        _beatsInSecond += found;
        if (found > 0 && _beats.LastPeak is { } peak && peak > _silenceFrom)
        {
            _silenceFrom = peak;
            _silence.Restart(Samples - peak);
        }
    }

    private void CloseSecond()
    {
        var quality = _quality.Close();
        quality = quality with { Flat = quality.Flat & ~_offInSecond, Dead = quality.Dead & ~_offInSecond }; // held still, see LaneHold
        var isBridged = 2 * _bridgedInSecond >= SampleClock.RateHz;
        if (isBridged)
        {
            quality = _lastQuality; // of lines nothing can be said
        }

        var end = _clock.At(Samples);
        _leads.History.Poor(quality.Poor, Samples);
        _leads.History.Saturated(quality.Saturated, Samples);
        _lastQuality = quality;
        if (!isBridged)
        {
            var gaps = _gaps.Since(Samples, _bridging ? _bridgeFrom : Samples);
            _waves = _waveMeter.Measure(_rings, Samples, gaps, end, _leads.Usable & ~(quality.Saturated | quality.Noisy), _workspace.Waves);
        }

        _bridgedInSecond = 0;
        _sink.OnVitals(new VitalsSecond(_path.DeviceId, _path.SessionId, end, _beats.Rate.At(Steady(Samples - Unknown())), _beatsInSecond, _offInSecond, quality, _ingestTimestamp));
        _offInSecond = 0;
        _beatsInSecond = 0;
    }

    private void HandOut(int count)
    {
        var rows = _path.Layout.Rows.Length;
        for (var row = 0; row < rows; row++)
        {
            _rings.Copy(row, 0, _workspace.Samples.AsSpan(row * count, count));
        }

        _sink.OnSamples(new FilteredSamples
        {
            DeviceId = _path.DeviceId,
            SessionId = _path.SessionId,
            StartUnixNs = _clock.At(Samples - count),
            Leads = _path.Layout.Rows,
            SamplesPerLead = count,
            Millivolts = _workspace.Samples.AsSpan(0, rows * count),
        });
    }

    private long Unknown() => _silence.Unknown(Samples - _silenceFrom, _beats.UsualInterval);

    // A clock of the session alone, which nobody sets.
    private static long Steady(long sample) => sample * SampleClock.SampleNs;
}
