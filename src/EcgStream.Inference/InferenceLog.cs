using Microsoft.Extensions.Logging;

namespace EcgStream.Inference;

internal static partial class InferenceLog
{
    [LoggerMessage(4000, LogLevel.Information, "Models run on CUDA, GPU {DeviceId}")]
    public static partial void RunsOnCuda(ILogger log, int deviceId);

    [LoggerMessage(4001, LogLevel.Warning, "Models run on the CPU, because CUDA cannot be had: {Reason}")]
    public static partial void FellBackToCpu(ILogger log, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Model {Model} {Version}: {Leads} lead(s), {Labels} labels, batches of up to {MaxBatch} on {Device}, loaded in {Elapsed}")]
    public static partial void Loaded(ILogger log, string model, string version, int leads, int labels, int maxBatch, string device, TimeSpan elapsed);

    [LoggerMessage(4003, LogLevel.Error, "Model {Model} failed on a batch; its {Windows} windows have no result, the next batch is tried")]
    public static partial void BatchFailed(ILogger log, Exception fault, string model, int windows);

    [LoggerMessage(4004, LogLevel.Information, "Model {Model} runs again after {Batches} failed batches")]
    public static partial void Recovered(ILogger log, string model, long batches);

    [LoggerMessage(4005, LogLevel.Error, "A receiver of results of model {Model} failed; it has lost a result")]
    public static partial void SinkFailed(ILogger log, Exception fault, string model);

    [LoggerMessage(4006, LogLevel.Warning, "Model {Model} is behind: its queue of {Capacity} windows is full and windows are dropped")]
    public static partial void QueueFull(ILogger log, string model, int capacity);

    [LoggerMessage(4007, LogLevel.Warning, "Stopped with {Windows} windows of model {Model} still queued after {Limit}")]
    public static partial void DrainIncomplete(ILogger log, int windows, string model, TimeSpan limit);

    [LoggerMessage(4008, LogLevel.Error, "Model {Model} gave scores that are no numbers for {Windows} windows; they have no result")]
    public static partial void ScoresNotFinite(ILogger log, string model, int windows);
}
