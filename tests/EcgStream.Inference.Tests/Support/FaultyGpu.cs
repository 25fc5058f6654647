using EcgStream.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Inference.Tests.Support;

/// <summary>
/// Sessions that call themselves CUDA, run on the CPU through staged buffers as CUDA's do, and fail as ONNX Runtime does once the GPU is lost.
/// Everything above the session is the real thing.
/// </summary>
internal sealed class FaultyGpu(InferenceOptions options) : SessionOpener(options)
{
    private int _runs;

    /// <summary>Runs on the GPU, of all sessions, before it is lost.</summary>
    public int RunsBeforeLoss { get; init; } = int.MaxValue;

    public int CpuSessions { get; private set; }

    public int Runs => Volatile.Read(ref _runs);

    public override string? WhyNoCuda() => null;

    public override OnnxSession OnCpu(byte[] model)
    {
        CpuSessions++;
        return base.OnCpu(model);
    }

    public override OnnxSession OnCuda(byte[] model, BatchShapes? shapes)
    {
        Assert.NotNull(shapes);
        return new Session(new InferenceSession(model), this);
    }

    private sealed class Session(InferenceSession inner, FaultyGpu gpu)
        : OnnxSession(inner, "cuda", new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default))
    {
        internal override void Run(RunOptions options, OrtIoBinding binding)
        {
            if (Interlocked.Increment(ref gpu._runs) > gpu.RunsBeforeLoss)
            {
                // The runtime's own exception, which cannot be made from outside.
                using var nothing = new InferenceSession([1]);
            }

            base.Run(options, binding);
        }
    }
}
