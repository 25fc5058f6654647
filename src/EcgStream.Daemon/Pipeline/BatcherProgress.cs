using EcgStream.Daemon.Supervision;
using EcgStream.Inference;

namespace EcgStream.Daemon.Pipeline;

/// <summary>Whether each model gets on while windows wait for it: a batch that ran, failed or was dropped is progress.</summary>
internal sealed class BatcherProgress(InferenceEngine engine, TimeProvider clock) : IStageProgress
{
    private readonly Lock _gate = new();
    private readonly Seen[] _seen = [.. engine.Batchers.Select(_ => new Seen(0, clock.GetTimestamp()))];

    public string? DescribeStuck()
    {
        lock (_gate)
        {
            for (var i = 0; i < _seen.Length; i++)
            {
                var status = engine.Batchers[i].Status;
                var done = status.Batches + status.FailedBatches + status.Dropped;
                if (status.QueueDepth == 0 || done != _seen[i].Done)
                {
                    _seen[i] = new Seen(done, clock.GetTimestamp());
                }
                else if (clock.GetElapsedTime(_seen[i].At) is var since && since > IStageProgress.Limit)
                {
                    return FormattableString.Invariant($"Model {status.Model} has not run for {since.TotalSeconds:0} s while windows wait");
                }
            }

            return null;
        }
    }

    private readonly record struct Seen(long Done, long At);
}
