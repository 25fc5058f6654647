using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// Makes ONNX Runtime sessions on the device that the options ask for, and on the CPU from the moment a GPU has failed. Any thread.
/// </summary>
public sealed class OnnxSessionFactory
{
    private readonly InferenceOptions _options;
    private readonly SessionOpener _opener;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private bool? _cuda;

    public OnnxSessionFactory(InferenceOptions options, ILogger<OnnxSessionFactory> log)
        : this(options, log, new SessionOpener(options))
    {
    }

    internal OnnxSessionFactory(InferenceOptions options, ILogger<OnnxSessionFactory> log, SessionOpener opener)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _log, _opener) = (options, log, opener);
        _cuda = options.Device == InferenceDevice.Cpu ? false : null;
        OnnxEnvironment.Open(log);
    }

    /// <param name="model">The graph.</param>
    /// <param name="shapes">What it will be run with, for TensorRT; null keeps it from TensorRT.</param>
    /// <exception cref="OnnxRuntimeException">The model cannot be run.</exception>
    /// <exception cref="InferenceDeviceException">CUDA was asked for and cannot be had.</exception>
    public OnnxSession Create(byte[] model, BatchShapes? shapes = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        lock (_gate)
        {
            if (_cuda is null && _opener.WhyNoCuda() is { } reason)
            {
                DoWithoutCuda(reason, null);
            }

            if (_cuda == false)
            {
                return _opener.OnCpu(model);
            }

            try
            {
                var session = _opener.OnCuda(model, shapes);
                if (_cuda is null)
                {
                    InferenceLog.RunsOnCuda(_log, _options.CudaDeviceId, _options.TensorRt ? "TensorRT" : "CUDA");
                }

                _cuda = true;
                return session;
            }
            catch (Exception refused) when (_cuda is null && refused is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
            {
                // A broken model fails on the CPU too, and that is then the error to tell.
                var session = _opener.OnCpu(model);
                try
                {
                    DoWithoutCuda(refused.Message, refused);
                }
                catch
                {
                    session.Dispose();
                    throw;
                }

                return session;
            }
        }
    }

    /// <summary>For a graph so small that the way to a GPU would cost more than its run.</summary>
    /// <exception cref="OnnxRuntimeException">The model cannot be run.</exception>
    public OnnxSession CreateOnCpu(byte[] model) => _opener.OnCpu(model);

    /// <summary>At the start: a session was opened on the GPU and does not run there.</summary>
    /// <exception cref="InferenceDeviceException">CUDA was asked for.</exception>
    internal void RefuseGpu(Exception fault)
    {
        lock (_gate)
        {
            if (_cuda != false)
            {
                DoWithoutCuda(fault.Message, fault);
            }
        }
    }

    /// <summary>Later: whatever was asked for, the patients come first. A CUDA context that has failed is gone for the whole process.</summary>
    internal void LeaveGpu()
    {
        lock (_gate)
        {
            _cuda = false;
        }
    }

    private void DoWithoutCuda(string reason, Exception? refused)
    {
        reason = reason.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        if (_options.Device == InferenceDevice.Cuda)
        {
            throw new InferenceDeviceException(
                $"Inference:Device is cuda, but CUDA cannot be had: {reason}. Set Inference:Device to auto or cpu to run without it.", refused);
        }

        _cuda = false;
        InferenceLog.FellBackToCpu(_log, reason);
    }
}
