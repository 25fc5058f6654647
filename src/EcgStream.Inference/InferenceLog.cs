using Microsoft.Extensions.Logging;

namespace EcgStream.Inference;

internal static partial class InferenceLog
{
    [LoggerMessage(4000, LogLevel.Information, "Models run on GPU {DeviceId} through {Provider}")]
    public static partial void RunsOnCuda(ILogger log, int deviceId, string provider);

    [LoggerMessage(4001, LogLevel.Warning, "Models run on the CPU, because CUDA cannot be had: {Reason}")]
    public static partial void FellBackToCpu(ILogger log, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Model {Model} {Version}: {Leads} lead(s), {Labels} labels, batches of up to {MaxBatch} on {Device}, loaded in {Elapsed}")]
    public static partial void Loaded(ILogger log, string model, string version, int leads, int labels, int maxBatch, string device, TimeSpan elapsed);

    [LoggerMessage(4003, LogLevel.Error, "Model {Model} failed on a batch of {Windows} windows; it is loaded again")]
    public static partial void BatchFailed(ILogger log, Exception fault, string model, int windows);

    [LoggerMessage(4004, LogLevel.Information, "Model {Model} answers again after {Batches} failed batches")]
    public static partial void Recovered(ILogger log, string model, long batches);

    [LoggerMessage(4005, LogLevel.Error, "A receiver of results of model {Model} failed; it has lost a result")]
    public static partial void SinkFailed(ILogger log, Exception fault, string model);

    [LoggerMessage(4006, LogLevel.Warning, "Model {Model} is behind: its queue of {Capacity} windows is full and windows are dropped")]
    public static partial void QueueFull(ILogger log, string model, int capacity);

    [LoggerMessage(4007, LogLevel.Warning, "Stopped with {Windows} windows of model {Model} still queued after {Limit}")]
    public static partial void DrainIncomplete(ILogger log, int windows, string model, TimeSpan limit);

    [LoggerMessage(4008, LogLevel.Error, "Model {Model} gave scores that are no numbers for {Windows} windows; they have no result")]
    public static partial void ScoresNotFinite(ILogger log, string model, int windows);

    [LoggerMessage(4009, LogLevel.Error, "Model {Model} failed on the GPU; it runs on the CPU until the next start")]
    public static partial void LeftGpu(ILogger log, Exception fault, string model);

    [LoggerMessage(4010, LogLevel.Warning, "Model {Model} cannot be used: {Fault}. It is loaded again in {Delay}; its windows have no result until then")]
    public static partial void ReloadLater(ILogger log, string model, TimeSpan delay, string fault);

    // At Debug, since each of them comes with an exception that is logged by whoever meets it.
    [LoggerMessage(4011, LogLevel.Debug, "ONNX Runtime: {Level} at {Location}: {Text}")]
    public static partial void FromRuntime(ILogger log, Microsoft.ML.OnnxRuntime.OrtLoggingLevel level, string location, string text);

    [LoggerMessage(4012, LogLevel.Information, "Model {Model} keeps up again; {Windows} windows were lost while its queue was full")]
    public static partial void CaughtUp(ILogger log, string model, long windows);
}
