using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Inference.Sessions;

/// <summary>Inputs of a graph and the batch sizes it will see; TensorRT builds its engine for them.</summary>
/// <param name="Inputs">Name and dimensions of one row, without the batch.</param>
/// <param name="Smallest">Rows of the smallest batch.</param>
/// <param name="Largest">Rows of the largest.</param>
public sealed record BatchShapes(IReadOnlyList<(string Name, IReadOnlyList<long> Row)> Inputs, int Smallest, int Largest)
{
    /// <summary>As TensorRT's provider takes it, e.g. <c>window:32x12x1250</c>.</summary>
    internal string Profile(int rows) => string.Join(',', Inputs.Select(input =>
        $"{input.Name}:{string.Join('x', input.Row.Prepend(rows).Select(size => size.ToString(CultureInfo.InvariantCulture)))}"));
}

/// <summary>Opens sessions as the options say. Where one can be opened is not its business.</summary>
internal class SessionOpener(InferenceOptions options)
{
    private readonly CudaMachine _machine = new();

    /// <returns>Null where CUDA can be tried, else why not.</returns>
    public virtual string? WhyNoCuda() => _machine.Missing(options);

    public virtual OnnxSession OnCpu(byte[] model)
    {
        using var session = CommonOptions();
        return new OnnxSession(new InferenceSession(model, session), "cpu");
    }

    public virtual OnnxSession OnCuda(byte[] model, BatchShapes? shapes)
    {
        using var session = CommonOptions();
        if (options.TensorRt && shapes is not null)
        {
            using var tensorRt = new OrtTensorRTProviderOptions();
            tensorRt.UpdateOptions(TensorRtSettings(options, shapes));
            session.AppendExecutionProvider_Tensorrt(tensorRt);
        }

        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(CudaSettings(options));
        session.AppendExecutionProvider_CUDA(cuda);
        var opened = new InferenceSession(model, session);
        try
        {
            return new OnnxSession(
                opened, "cuda", new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, options.CudaDeviceId, OrtMemType.CpuOutput));
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    internal static Dictionary<string, string> CudaSettings(InferenceOptions options) => new()
    {
        ["device_id"] = Text(options.CudaDeviceId),
        ["gpu_mem_limit"] = Text(options.CudaMemoryLimitBytes),

        // Every batch size runs before the first patient's, so that no more is taken later; doubling would only take what nobody uses.
        ["arena_extend_strategy"] = "kSameAsRequested",

        // An exhaustive search times every algorithm of every batch size at each start: seconds to minutes.
        ["cudnn_conv_algo_search"] = "HEURISTIC",
        ["do_copy_in_default_stream"] = "1",

        // TF32 rounds to 10 bits: scores would leave the golden vectors' 1e-5.
        ["use_tf32"] = "0",
    };

    internal static Dictionary<string, string> TensorRtSettings(InferenceOptions options, BatchShapes shapes)
    {
        var settings = new Dictionary<string, string>
        {
            ["device_id"] = Text(options.CudaDeviceId),
            ["trt_max_workspace_size"] = Text(options.CudaMemoryLimitBytes),
            ["trt_profile_min_shapes"] = shapes.Profile(shapes.Smallest),
            ["trt_profile_opt_shapes"] = shapes.Profile(shapes.Largest),
            ["trt_profile_max_shapes"] = shapes.Profile(shapes.Largest),
        };
        if (options.TensorRtCachePath.Length > 0)
        {
            settings["trt_engine_cache_enable"] = "1";
            settings["trt_engine_cache_path"] = options.TensorRtCachePath;
        }

        return settings;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private SessionOptions CommonOptions()
    {
        var common = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = options.IntraOpThreads > 0 ? options.IntraOpThreads : Math.Max(1, Environment.ProcessorCount / 2),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,

            // With it a batch size's second run, a patient's, would take one block for all that it needs: 10 MB for the shipped models, and no run is faster.
            EnableMemoryPattern = false,
        };

        // Between batches the runtime's threads would spin, and take the processor from ingest.
        common.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return common;
    }
}
