using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.Logging;

namespace EcgStream.Inference.Batching;

/// <summary>Turns the scores of one model's windows into results and gives each to every receiver, in order. The batcher's thread only.</summary>
internal sealed class ResultPublisher(ModelIdentity model, ModelCard card, IResultSink[] sinks, BatcherCounters counters, ILogger log)
{
    /// <param name="window">The window; it stays its owner's.</param>
    /// <param name="scores">One number per label.</param>
    /// <param name="inferred">When the run ended.</param>
    /// <returns>False when a score is no number: the window then has no result, and is counted.</returns>
    public bool Publish(RhythmWindow window, ReadOnlySpan<float> scores, long inferred)
    {
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
            {
                counters.Dropped(DropReason.NotFinite);
                return false;
            }
        }

        var verdict = Verdict.Of(scores, card);
        var result = new RhythmResult(
            window.DeviceId, window.SessionId, model, window.StartUnixNs, window.EndUnixNs, scores.ToArray(), verdict.PredictedIndex,
            verdict.Abnormal, verdict.AbnormalScore, window.Marks, window.IngestTimestamp, inferred)
        {
            Beat = window.Beat,
        };
        foreach (var sink in sinks)
        {
            try
            {
                sink.Publish(result);
            }
#pragma warning disable CA1031 // One receiver's defect must not take the result from the others.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                counters.SinkFailed();
                InferenceLog.SinkFailed(log, fault, model.Name);
            }
        }

        counters.WindowPublished();
        return true;
    }
}
