using EcgStream.Core.Signals;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>The answer to one publish: completes after the commit, with the refusal where there was one.</summary>
internal sealed class MqttPendingPublish : IAckSink
{
    private readonly TaskCompletionSource<ChunkRefusal?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<ChunkRefusal?> Answer => _answer.Task;

    public void Accepted(string deviceId, ulong sessionId, ulong sequence) => _answer.TrySetResult(null);

    public void Duplicate(string deviceId, ulong sessionId, ulong sequence) => _answer.TrySetResult(null);

    public void Refused(in ChunkRefusal refusal) => _answer.TrySetResult(refusal);
}
