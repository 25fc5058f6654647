using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Inference.Sessions;

/// <summary>Makes ONNX Runtime sessions on the device that the options ask for. Used at start only, by one thread.</summary>
public sealed class OnnxSessionFactory
{
    private readonly InferenceOptions _options;
    private readonly ILogger _log;
    private bool? _cuda;

    static OnnxSessionFactory() => RuntimeTelemetry.Disable();

    public OnnxSessionFactory(InferenceOptions options, ILogger<OnnxSessionFactory> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _log = log;
        _cuda = options.Device == InferenceDevice.Cpu ? false : null;
    }

    /// <summary>Where sessions run, <c>cpu</c> or <c>cuda</c>; known once a session was made.</summary>
    public string Device => _cuda == true ? "cuda" : "cpu";

    /// <exception cref="OnnxRuntimeException">The model cannot be run.</exception>
    /// <exception cref="InferenceDeviceException">CUDA was asked for and cannot be had.</exception>
    public InferenceSession Create(byte[] model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_cuda == false)
        {
            return OnCpu(model);
        }

        try
        {
            var session = OnCuda(model);
            if (_cuda is null)
            {
                InferenceLog.RunsOnCuda(_log, _options.CudaDeviceId);
            }

            _cuda = true;
            return session;
        }
        catch (Exception refused) when (_cuda is null && IsRefusal(refused))
        {
            return WithoutCuda(model, refused);
        }
    }

    private InferenceSession WithoutCuda(byte[] model, Exception refused)
    {
        // A broken model fails on the CPU too, and that is then the error to tell.
        var session = OnCpu(model);
        var reason = refused.Message.ReplaceLineEndings(" ");
        if (_options.Device == InferenceDevice.Cuda)
        {
            session.Dispose();
            throw new InferenceDeviceException(
                $"Inference:Device is cuda, but CUDA cannot be had on GPU {_options.CudaDeviceId}: {reason.TrimEnd('.')}. Set Inference:Device to auto or cpu to run without it.", refused);
        }

        _cuda = false;
        InferenceLog.FellBackToCpu(_log, reason);
        return session;
    }

    /// <summary>Everything that a missing provider, driver or GPU makes the runtime throw.</summary>
    private static bool IsRefusal(Exception fault) => fault is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException;

    private InferenceSession OnCpu(byte[] model)
    {
        using var options = CommonOptions();
        return new InferenceSession(model, options);
    }

    private InferenceSession OnCuda(byte[] model)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = _options.CudaDeviceId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        using var options = CommonOptions();
        options.AppendExecutionProvider_CUDA(cuda);
        return new InferenceSession(model, options);
    }

    private SessionOptions CommonOptions()
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = _options.IntraOpThreads > 0 ? _options.IntraOpThreads : Math.Max(1, Environment.ProcessorCount / 2),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,

            // With it a batch size's second run, a patient's, would take one block for all that it needs: 10 MB for the shipped models, and no run is faster.
            EnableMemoryPattern = false,
        };

        // Between batches the runtime's threads would spin, and take the processor from ingest.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }
}
