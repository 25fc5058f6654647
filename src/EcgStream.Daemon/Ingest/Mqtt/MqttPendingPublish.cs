using System.Threading.Tasks.Sources;
using EcgStream.Core.Signals;
using MQTTnet.Protocol;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>
/// The answer to one publish; it comes after the commit. May be used again after <see cref="Reset"/>, so that a publish costs no object here.
/// </summary>
internal sealed class MqttPendingPublish : IAckSink, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _answer = new() { RunContinuationsAsynchronously = true }; // the journal's thread goes on
    private int _given;

    public ushort PacketId { get; private set; }

    public MqttQualityOfServiceLevel Qos { get; private set; }

    public ReadOnlyMemory<char> Site { get; private set; }

    public ReadOnlyMemory<char> Device { get; private set; }

    /// <summary>Whether it holds one of its connection's places.</summary>
    public bool HoldsPlace { get; private set; }

    /// <summary>To be awaited once at most between two resets.</summary>
    public ValueTask Answered => new(this, _answer.Version);

    public bool IsAnswered => _answer.GetStatus(_answer.Version) != ValueTaskSourceStatus.Pending;

    /// <summary>Whose chunk it was, as far as the bytes said. Read after <see cref="Answered"/>.</summary>
    public ChunkIdentity Chunk { get; private set; }

    /// <summary>Set where the chunk was refused. Read after <see cref="Answered"/>.</summary>
    public ChunkRefusal? Refusal { get; private set; }

    /// <summary>The connection ended before the chunk was taken, so nothing is to be said. Read after <see cref="Answered"/>.</summary>
    public bool Abandoned { get; private set; }

    /// <summary>Makes it ready for another publish.</summary>
    public void Reset(ushort packetId, MqttQualityOfServiceLevel qos, ReadOnlyMemory<char> site, ReadOnlyMemory<char> device, bool holdsPlace)
    {
        (PacketId, Qos, Site, Device, HoldsPlace) = (packetId, qos, site, device, holdsPlace);
        (Chunk, Refusal, Abandoned) = (default, null, false);
        _given = 0;
        _answer.Reset();
    }

    public void Accepted(in ChunkIdentity chunk) => Answer(chunk, null);

    public void Duplicate(in ChunkIdentity chunk) => Answer(chunk, null);

    public void Refused(in ChunkIdentity chunk, in ChunkRefusal refusal) => Answer(chunk, refusal);

    public void Abandon()
    {
        Abandoned = true;
        Answer(default, null);
    }

    void IValueTaskSource.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    private void Answer(in ChunkIdentity chunk, ChunkRefusal? refusal)
    {
        if (Interlocked.Exchange(ref _given, 1) == 0)
        {
            Chunk = chunk;
            Refusal = refusal;
            _answer.SetResult(true);
        }
    }
}
