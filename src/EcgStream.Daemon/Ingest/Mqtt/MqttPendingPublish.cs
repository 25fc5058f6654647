using EcgStream.Core.Signals;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>The answer to one publish; it comes after the commit.</summary>
internal sealed class MqttPendingPublish : IAckSink
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Answered => _answered.Task;

    /// <summary>Whose chunk it was, as far as the bytes said. Read after <see cref="Answered"/>.</summary>
    public ChunkIdentity Chunk { get; private set; }

    /// <summary>Set where the chunk was refused. Read after <see cref="Answered"/>.</summary>
    public ChunkRefusal? Refusal { get; private set; }

    public void Accepted(in ChunkIdentity chunk) => Answer(chunk, null);

    public void Duplicate(in ChunkIdentity chunk) => Answer(chunk, null);

    public void Refused(in ChunkIdentity chunk, in ChunkRefusal refusal) => Answer(chunk, refusal);

    private void Answer(in ChunkIdentity chunk, ChunkRefusal? refusal)
    {
        Chunk = chunk;
        Refusal = refusal;
        _answered.TrySetResult();
    }
}
