using System.Globalization;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Sessions;

/// <summary>
/// One device's stream: puts its chunks in order, tells duplicates and losses, and takes the samples to windows, beats and vitals. It lives as long as the device is
/// known; each session of the device replaces the one before. Everything happens on the shard's thread, in the calls; all times come in with them.
/// </summary>
/// <remarks>
/// Order: a chunk with the next sequence is analysed at once. One that comes early waits for at most <see cref="SessionOptions.MaxHeldChunks"/> chunks,
/// <see cref="SessionOptions.MaxHold"/> of device time, or as long without any chunk (<see cref="Poll"/>); then the numbers between are given up as missing.
/// </remarks>
public sealed class DeviceSession
{
    private const int EndedKept = 8;

    private readonly SessionOptions _options;
    private readonly SignalWorkspace _workspace;
    private readonly ISessionSink _sink;
    private readonly TimeProvider _clock;
    private readonly HeldChunks _held;
    private readonly SequenceHistory _history = new();
    private readonly ClockEstimator _offset = new();
    private readonly ulong[] _ended = new ulong[EndedKept];
    private SignalPath? _path;
    private (ulong SessionId, long UnixNs)? _grid;
    private ulong _next;
    private int _nextEnded;
    private bool _isOpen;

    /// <param name="deviceId">The device.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="workspace">Of the shard.</param>
    /// <param name="sink">Gets what comes out.</param>
    /// <param name="clock">Only converts timestamps to durations.</param>
    public DeviceSession(string deviceId, SessionOptions options, SignalWorkspace workspace, ISessionSink sink, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        ArgumentNullException.ThrowIfNull(options);
        DeviceId = deviceId;
        _options = options;
        _workspace = workspace;
        _sink = sink;
        _clock = clock;
        _held = new HeldChunks(options.MaxHeldChunks);
    }

    public string DeviceId { get; }

    public StreamCounters Counters { get; } = new();

    /// <summary>The session that is running or ran last; 0 before the first chunk.</summary>
    public ulong SessionId => _path?.SessionId ?? 0;

    /// <summary>A session is running: it has begun and neither ended nor been replaced.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>The leads of the session that is running or ran last.</summary>
    public LeadLayout? Layout => _path?.Layout;

    /// <summary>Daemon clock minus device clock, with the least way through the network in it.</summary>
    public long? ClockOffsetNs => _offset.OffsetNs;

    /// <summary>How much faster the daemon's clock runs than the device's, parts per million.</summary>
    public double? ClockDriftPpm => _offset.DriftPpm;

    /// <summary>A session that comes next is taken up in its middle: its windows and seconds lie on the grid of those that were cut before.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="unixNs">Device clock of a sample that lies whole hops and whole seconds from the session's first.</param>
    public void ExpectGrid(ulong sessionId, long unixNs) => _grid = (sessionId, unixNs);

    /// <summary>What <see cref="Accept"/> would make of a chunk now; changes nothing.</summary>
    public ChunkOutcome Foresee(in ChunkHeader header)
    {
        if (_path is null || header.SessionId != _path.SessionId)
        {
            return Array.IndexOf(_ended, header.SessionId) >= 0 ? ChunkOutcome.Late : ChunkOutcome.Accepted;
        }

        if (_history.Contains(header.Sequence) || _held.Contains(header.Sequence))
        {
            return ChunkOutcome.Duplicate;
        }

        if (!_isOpen || header.Sequence < _next)
        {
            return ChunkOutcome.Late;
        }

        if (header.SampleRateHz != _path.SampleRateHz || header.Leads != _path.Layout.Carried)
        {
            return ChunkOutcome.FormatChanged;
        }

        return header.Sequence == _next ? ChunkOutcome.Accepted : ChunkOutcome.Held;
    }

    /// <summary>Takes in one chunk.</summary>
    /// <param name="header">Decoded header; of this device.</param>
    /// <param name="payload">The payload that it was decoded from; not kept.</param>
    /// <param name="ingestTimestamp">Timestamp at which it came in.</param>
    /// <param name="ingestUnixNs">Daemon's UTC clock at which it came in.</param>
    public ChunkOutcome Accept(in ChunkHeader header, ReadOnlySpan<byte> payload, long ingestTimestamp, long ingestUnixNs)
    {
        var outcome = Foresee(in header);
        switch (outcome)
        {
            case ChunkOutcome.Duplicate:
                Counters.Duplicate++;
                return outcome;
            case ChunkOutcome.Late:
                Counters.Late++;
                return outcome;
            case ChunkOutcome.FormatChanged:
                Counters.FormatChanged++;
                return outcome;
        }

        if (_path is null || header.SessionId != _path.SessionId)
        {
            Replace(in header);
        }

        Counters.Accepted++;
        _offset.Add(header.EndUnixNs, ingestUnixNs);
        var samples = payload.Slice(header.SamplesOffset, header.SamplesLength);
        if (outcome == ChunkOutcome.Held)
        {
            Counters.Early++;
            Hold(in header, samples, ingestTimestamp);
            return outcome;
        }

        Counters.Reordered += _held.Count > 0 ? 1 : 0;
        Analyse(in header, samples, 0, ingestTimestamp);
        Drain();
        return outcome;
    }

    /// <summary>Gives up on missing chunks when nothing came for <see cref="SessionOptions.MaxHold"/>; to be called about once a second.</summary>
    /// <param name="timestamp">Timestamp now.</param>
    public void Poll(long timestamp)
    {
        if (_held.Count > 0 && _clock.GetElapsedTime(_held.NewestIngestTimestamp, timestamp) >= _options.MaxHold)
        {
            ReleaseAll();
        }
    }

    /// <summary>Ends the running session, as when the device is gone for good: what waits is analysed, what the filters hold comes out.</summary>
    public void End()
    {
        if (!_isOpen)
        {
            return;
        }

        ReleaseAll();
        if (_isOpen)
        {
            Close();
        }
    }

    /// <summary>The refusal that stands for <see cref="ChunkOutcome.FormatChanged"/>.</summary>
    public ChunkRefusal FormatRefusal(in ChunkHeader header)
    {
        var path = _path ?? throw new InvalidOperationException("No session has begun");
        var rateDiffers = header.SampleRateHz != path.SampleRateHz;
        return ChunkRefusal.Of(
            RefusalReason.FormatChanged,
            rateDiffers ? "sample_rate_hz" : "leads",
            (rateDiffers ? path.SampleRateHz.ToString(CultureInfo.InvariantCulture) : path.Layout.Carried.ToString()) + " as before in this session",
            DeviceId,
            header.Sequence,
            rateDiffers ? header.SampleRateHz.ToString(CultureInfo.InvariantCulture) : header.Leads.ToString());
    }

    private void Replace(in ChunkHeader header)
    {
        End();
        if (_path is not null)
        {
            _ended[_nextEnded] = _path.SessionId;
            _nextEnded = (_nextEnded + 1) % EndedKept;
        }

        _path = new SignalPath(in header, _workspace, Counters, _sink) { GridUnixNs = _grid is { } grid && grid.SessionId == header.SessionId ? grid.UnixNs : null };
        _grid = null;
        _history.Clear();
        _offset.Reset();
        _next = header.Sequence;
        _isOpen = true;
        Counters.Sessions++;
    }

    private void Hold(in ChunkHeader header, ReadOnlySpan<byte> samples, long ingestTimestamp)
    {
        _held.Add(in header, samples, ingestTimestamp);
        while (_held.Count > 0 && (_held.Count > _options.MaxHeldChunks || _held.Span >= _options.MaxHold))
        {
            GiveUp();
        }
    }

    // The numbers before the first waiting chunk are missing; it and what follows it without a break are analysed.
    private void GiveUp()
    {
        var missing = _held.First.Header.Sequence - _next;
        Counters.Missing += (long)Math.Min(missing, long.MaxValue / 2);
        _next += missing;
        Drain((long)Math.Min(missing, long.MaxValue / 2));
    }

    private void Drain(long missing = 0)
    {
        while (_held.Count > 0 && _held.First.Header.Sequence == _next && _isOpen)
        {
            var entry = _held.TakeFirst();
            Analyse(entry.Header, entry.Samples, missing, entry.IngestTimestamp);
            HeldChunks.Release(in entry);
            missing = 0;
        }
    }

    private void ReleaseAll()
    {
        while (_held.Count > 0 && _isOpen)
        {
            GiveUp();
        }
    }

    private void Analyse(in ChunkHeader header, ReadOnlySpan<byte> samples, long missing, long ingestTimestamp)
    {
        _history.Add(header.Sequence);
        _next = header.Sequence + 1;
        if (_path!.Process(in header, samples, missing, ingestTimestamp))
        {
            _offset.Reset();
        }

        if (header.EndOfSession)
        {
            Close();
        }
    }

    private void Close()
    {
        _path!.End();
        _isOpen = false;
        while (_held.Count > 0)
        {
            // The device said that there would be no more; these numbers lie behind its last.
            var entry = _held.TakeFirst();
            HeldChunks.Release(in entry);
            Counters.Late++;
            Counters.Accepted--;
        }
    }
}
