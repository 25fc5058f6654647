using System.Diagnostics.CodeAnalysis;
using EcgStream.Protocol.V1;

namespace EcgStream.Simulator.Replay;

/// <summary>Results of one record as they come, of every model. One thread adds, another waits.</summary>
internal sealed class RecordResults(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ModelResults> _models = new(StringComparer.Ordinal);
    private readonly long _start = clock.GetTimestamp();
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Names and labels of the models that have answered.</summary>
    public IReadOnlyList<(string Model, IReadOnlyList<string> Labels)> Models
    {
        get
        {
            lock (_gate)
            {
                return [.. _models.Values.Select(model => (model.Model, model.Labels))];
            }
        }
    }

    public void Add(RhythmResult result)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (!_models.TryGetValue(result.Model, out var model))
            {
                model = new ModelResults(result, clock.GetElapsedTime(_start));
                _models.Add(result.Model, model);
            }

            model.Add(result);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    /// <summary>Wakes waiters without a result, when none will come.</summary>
    public void Poke()
    {
        lock (_gate)
        {
            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }

    /// <summary>Completes at the next result after this call.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Windows that a model has answered; of any model the most, when none is named.</summary>
    public int Windows(string? model)
    {
        lock (_gate)
        {
            return model is null
                ? _models.Values.Select(results => results.Windows).DefaultIfEmpty().Max()
                : _models.TryGetValue(model, out var found) ? found.Windows : 0;
        }
    }

    public bool TryPredict(string model, [NotNullWhen(true)] out RecordPrediction? prediction)
    {
        lock (_gate)
        {
            prediction = _models.TryGetValue(model, out var found) && found.Windows > 0 ? found.Predict() : null;
            return prediction is not null;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
