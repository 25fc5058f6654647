using EcgStream.Core.Sessions;
using EcgStream.Core.Signals;
using EcgStream.Daemon.Journal;
using EcgStream.Daemon.Pipeline;

namespace EcgStream.Daemon.Ingest;

/// <summary>
/// One device as ingest sees it: who may write its session, which chunks are journaled, and its totals.
/// Ingest threads call the admission members under the entry's lock; the session itself belongs to the shard's thread.
/// </summary>
internal sealed class DeviceEntry(string deviceId, Shard shard, TimeProvider clock)
{
    /// <summary>A connection that has been silent this long loses its session to another one: its peer may be gone without a word.</summary>
    public static readonly TimeSpan WriterLease = TimeSpan.FromSeconds(10);

    private const int ReplacedKept = 8;

    private readonly Lock _gate = new();
    private readonly SequenceHistory _journaled = new();
    private readonly SequenceHistory _analysed = new();
    private readonly uint[] _fingerprints = new uint[SequenceHistory.Size]; // of what came under each number
    private readonly ulong[] _replaced = new ulong[ReplacedKept];
    private int _nextReplaced;
    private IngestSource? _writer;
    private ulong _sessionId;
    private double _sampleRateHz;
    private LeadList _leads;
    private RealTimeMeter _pace = new(clock);
    private long _lastChunkTimestamp = clock.GetTimestamp();

    public string DeviceId { get; } = deviceId;

    public Shard Shard { get; } = shard;

    /// <summary>Totals of the device since the daemon knows it.</summary>
    public DeviceTotals Totals { get; } = new();

    /// <summary>The session's signal path; only the shard's loop touches it.</summary>
    public DeviceStream? Stream { get; set; }

    public long LastChunkTimestamp => Volatile.Read(ref _lastChunkTimestamp);

    public double SampleRateHz => Volatile.Read(ref _sampleRateHz);

    public ulong SessionId => Volatile.Read(ref _sessionId);

    public string TransportName => Volatile.Read(ref _writer)?.Transport switch
    {
        JournalTransport.Grpc => "grpc",
        JournalTransport.Mqtt => "mqtt",
        _ => "",
    };

    /// <summary>
    /// Says whether a source may write this chunk now, and makes it the session's writer. Whoever delivers keeps the device: another connection gets it,
    /// with the same session or a new one, once this one is closed or silent for <see cref="WriterLease"/>.
    /// </summary>
    /// <param name="fingerprint">Of the chunk's bytes: under a number that is known only the same chunk may come again.</param>
    public Admission Admit(IngestSource source, in ChunkHeader chunk, uint fingerprint)
    {
        lock (_gate)
        {
            if (source.Exclusive && _writer is { Closed: false } other && other != source && clock.GetElapsedTime(LastChunkTimestamp) < WriterLease)
            {
                return Admission.SecondWriter;
            }

            if (chunk.SessionId != _sessionId)
            {
                if (Array.IndexOf(_replaced, chunk.SessionId) >= 0)
                {
                    return Admission.SessionReplaced;
                }

                Begin(in chunk);
            }
            else if (chunk.SampleRateHz != _sampleRateHz || chunk.Leads != _leads)
            {
                return Admission.FormatChanged;
            }

            if (_analysed.Contains(chunk.Sequence) && _fingerprints[chunk.Sequence % SequenceHistory.Size] != fingerprint)
            {
                return Admission.SequenceReused;
            }

            Volatile.Write(ref _writer, source);
            Volatile.Write(ref _lastChunkTimestamp, clock.GetTimestamp());
            return _journaled.Contains(chunk.Sequence) ? Admission.Duplicate : Admission.New;
        }
    }

    /// <summary>
    /// Says that the chunk goes to its shard now; false when it went before. A chunk that could not be journaled is analysed when it first comes, and only
    /// journaled when the device sends it again.
    /// </summary>
    public bool TryMarkAnalysed(in ChunkIdentity chunk, uint fingerprint)
    {
        lock (_gate)
        {
            if (chunk.SessionId != _sessionId)
            {
                return true; // the session tells
            }

            var isNew = !_analysed.Contains(chunk.Sequence);
            if (isNew)
            {
                _analysed.Add(chunk.Sequence);
                if (_analysed.Contains(chunk.Sequence)) // not of a number that is too old to be remembered
                {
                    _fingerprints[chunk.Sequence % SequenceHistory.Size] = fingerprint;
                }
            }

            return isNew;
        }
    }

    /// <summary>The chunk is safe on disk: a repeat of it is a duplicate from now on.</summary>
    public void MarkJournaled(in ChunkIdentity chunk)
    {
        lock (_gate)
        {
            if (chunk.SessionId == _sessionId)
            {
                _journaled.Add(chunk.Sequence);
            }
        }
    }

    /// <summary>True while the device sends faster than real time: it replays, so holding it back loses nothing.</summary>
    public bool IsAheadOfRealTime(long deviceTimeUnixNs)
    {
        lock (_gate)
        {
            return _pace.IsAhead(deviceTimeUnixNs);
        }
    }

    private void Begin(in ChunkHeader chunk)
    {
        _replaced[_nextReplaced++ % ReplacedKept] = _sessionId;
        Volatile.Write(ref _sessionId, chunk.SessionId);
        _journaled.Clear();
        _analysed.Clear();
        (_sampleRateHz, _leads) = (chunk.SampleRateHz, chunk.Leads);
        _pace = new RealTimeMeter(clock);
    }
}
