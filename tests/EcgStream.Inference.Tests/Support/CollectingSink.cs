using EcgStream.Core.Results;

namespace EcgStream.Inference.Tests.Support;

/// <summary>Keeps results, and says when so many have come.</summary>
internal sealed class CollectingSink : IResultSink
{
    private readonly List<RhythmResult> _results = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];

    public IReadOnlyList<RhythmResult> Results
    {
        get
        {
            lock (_results)
            {
                return [.. _results];
            }
        }
    }

    public void Publish(RhythmResult result)
    {
        lock (_results)
        {
            _results.Add(result);
            foreach (var (count, reached) in _waits)
            {
                if (_results.Count >= count)
                {
                    reached.TrySetResult();
                }
            }
        }
    }

    /// <summary>Real time bounds only a hang.</summary>
    public Task WaitForAsync(int count)
    {
        lock (_results)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            if (_results.Count >= count)
            {
                reached.TrySetResult();
            }

            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }
}
