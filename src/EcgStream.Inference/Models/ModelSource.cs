using System.Collections.Concurrent;
using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Inference.Sessions;

namespace EcgStream.Inference.Models;

/// <summary>Loads a model again. Any thread, one at a time for each model.</summary>
public interface IModelSource
{
    /// <param name="failed">The classifier that has failed, the source's to dispose of; null when it has it already.</param>
    /// <returns>One of the same model, warmed up.</returns>
    /// <exception cref="Exception">Whatever keeps the model from being loaded.</exception>
    IBatchClassifier Replace(IBatchClassifier? failed);
}

/// <summary>From the folder that the model came from; on the CPU once it has failed on a GPU.</summary>
internal sealed class ModelSource(ModelRepository repository, OnnxSessionFactory sessions, BatchSizes sizes, string model) : IModelSource
{
    // Sessions on a GPU that has failed are kept for as long as the process runs: freeing what they hold there may hang or crash, in a finalizer too.
    private static readonly ConcurrentBag<IBatchClassifier> Abandoned = [];

    public IBatchClassifier Replace(IBatchClassifier? failed)
    {
        if (failed is not null && failed.Device != "cpu")
        {
            Abandoned.Add(failed);
            sessions.LeaveGpu();
        }
        else
        {
            failed?.Dispose();
        }

        return repository.LoadOne(model, sizes, MonitoringBand.Sections);
    }
}
