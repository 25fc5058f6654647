using System.Collections.Concurrent;
using System.Threading.Channels;
using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.Simulator.Tests.Streaming;

/// <summary>What the test's ingest service has journaled, and the ways in which it misbehaves.</summary>
public sealed class IngestBehaviour
{
    private readonly ConcurrentDictionary<(string Device, ulong Session, ulong Sequence), int> _journal = new();

    /// <summary>Chunks in the order in which they were journaled; a chunk is journaled once.</summary>
    public ConcurrentQueue<SampleChunk> Journal { get; } = new();

    public ConcurrentDictionary<string, int> Calls { get; } = new();

    /// <summary>Breaks a call after so many chunks, without an answer to the last ones.</summary>
    public Func<int, int?> BreakAfter { get; set; } = _ => null;

    /// <summary>Refuses a chunk; the count says how many times it was offered before.</summary>
    public Func<SampleChunk, int, RefusalReason?> Refuse { get; set; } = (_, _) => null;

    /// <summary>A session belongs to the call that wrote it first, as long as that call is open.</summary>
    public bool OneWriter { get; set; }

    /// <summary>Refusals so far.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>Calls that the device ended, neither broken nor cancelled.</summary>
    public int EndedByDevice => Volatile.Read(ref _endedByDevice);

    /// <summary>Fails a subscription from its start.</summary>
    public Func<SubscribeResultsRequest, Status?> RejectResults { get; set; } = _ => null;

    /// <summary>What ends a subscription without a result, its headers sent; null = nothing does.</summary>
    public Func<Task?> EndResultsWith { get; set; } = () => null;

    /// <summary>Fails a call from its start.</summary>
    public Func<Status?> Reject { get; set; } = () => null;

    /// <summary>Never answers.</summary>
    public bool Mute { get; set; }

    /// <summary>Results as they become known.</summary>
    public Channel<ResultEvent> Results { get; } = Channel.CreateUnbounded<ResultEvent>();

    /// <summary>Called for each chunk that is journaled for the first time.</summary>
    public Action<SampleChunk>? Journaled { get; set; }

    private readonly ConcurrentDictionary<(string, ulong, ulong), int> _offered = new();

    private readonly ConcurrentDictionary<ulong, int> _writers = new();
    private int _refusals;
    private int _endedByDevice;

    public void CountEndedByDevice() => Interlocked.Increment(ref _endedByDevice);

    /// <summary>The call is over: its sessions are free.</summary>
    public void End(int call)
    {
        foreach (var (session, writer) in _writers)
        {
            if (writer == call)
            {
                _writers.TryRemove(session, out _);
            }
        }
    }

    public ChunkAck Take(SampleChunk chunk, int call = 0)
    {
        var key = (chunk.DeviceId, chunk.SessionId, chunk.Sequence);
        var offered = _offered.AddOrUpdate(key, 0, (_, before) => before + 1);
        var ack = new ChunkAck { DeviceId = chunk.DeviceId, SessionId = chunk.SessionId, Sequence = chunk.Sequence };
        RefusalReason? refused = OneWriter && _writers.GetOrAdd(chunk.SessionId, call) != call ? RefusalReason.SecondWriter : Refuse(chunk, offered);
        if (refused is { } reason)
        {
            Interlocked.Increment(ref _refusals);
            ack.Status = AckStatus.Refused;
            ack.Refusal = new Refusal { Reason = reason, Message = $"refused by the test: {reason}" };
        }
        else if (_journal.TryAdd(key, 0))
        {
            Journal.Enqueue(chunk);
            Journaled?.Invoke(chunk);
            ack.Status = AckStatus.Accepted;
        }
        else
        {
            ack.Status = AckStatus.Duplicate;
        }

        return ack;
    }
}
