using System.Threading.Channels;
using EcgStream.Core.Signals;
using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.Daemon.Ingest.Grpc;

/// <summary>
/// The answers of one call. At most <c>maxInFlight</c> chunks are unanswered; the next waits, and with it the peer through HTTP/2 flow
/// control. The sink members only queue, so the journal's thread never waits for a slow peer.
/// </summary>
internal sealed class GrpcIngestCall : IAckSink, IDisposable
{
    private readonly Channel<ChunkAck> _acks;
    private readonly SemaphoreSlim _room;
    private RawChunk? _submitting;
    private int _unanswered = 1; // the call itself, until no more chunks come

    public GrpcIngestCall(int maxInFlight)
    {
        _room = new SemaphoreSlim(maxInFlight, maxInFlight);
        _acks = Channel.CreateBounded<ChunkAck>(new BoundedChannelOptions(maxInFlight) { SingleReader = true });
    }

    public Task ReserveAsync(CancellationToken cancellation) => _room.WaitAsync(cancellation);

    /// <param name="chunk">Given back when this is done: the gateway then has its own copy.</param>
    public async ValueTask SubmitAsync(IngestGateway gateway, IngestSource source, RawChunk chunk, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _unanswered);
        _submitting = chunk;
        try
        {
            await gateway.SubmitAsync(source, chunk.Payload, default, this, cancellation);
        }
        catch
        {
            Answered(); // the gateway gave the chunk up, so no answer comes
            throw;
        }
        finally
        {
            _submitting = null;
            chunk.Return();
        }
    }

    /// <summary>Ends the answers once every submitted chunk has had its own. Called once.</summary>
    public void CompleteWhenAnswered() => Answered();

    public async Task WriteAcksAsync(IServerStreamWriter<AckBatch> responses, CancellationToken cancellation)
    {
        var batch = new AckBatch();
        while (await _acks.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Acks.Clear();
            while (_acks.Reader.TryRead(out var ack))
            {
                batch.Acks.Add(ack);
                _room.Release();
            }

            if (!cancellation.IsCancellationRequested)
            {
                await responses.WriteAsync(batch, cancellation);
            }
        }
    }

    public void Accepted(in ChunkIdentity chunk) => Queue(Ack(chunk, AckStatus.Accepted));

    public void Duplicate(in ChunkIdentity chunk) => Queue(Ack(chunk, AckStatus.Duplicate));

    /// <remarks>A chunk that could not be decoded is refused while it is submitted.</remarks>
    public void Refused(in ChunkIdentity chunk, in ChunkRefusal refusal) =>
        Queue(RefusalMessages.ToAck(chunk.DeviceId is null && _submitting is { } raw ? raw.Identify() : chunk, refusal));

    public void Dispose() => _room.Dispose();

    private static ChunkAck Ack(in ChunkIdentity chunk, AckStatus status) =>
        new() { DeviceId = chunk.DeviceId, SessionId = chunk.SessionId, Sequence = chunk.Sequence, Status = status };

    private void Queue(ChunkAck ack)
    {
        _acks.Writer.TryWrite(ack); // never full: as many places as chunks that may be unanswered
        Answered();
    }

    private void Answered()
    {
        if (Interlocked.Decrement(ref _unanswered) == 0)
        {
            _acks.Writer.TryComplete();
        }
    }
}
