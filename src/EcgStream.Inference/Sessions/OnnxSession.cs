using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EcgStream.Inference.Sessions;

/// <summary>A session of ONNX Runtime and how a batch gets to its device. One thread.</summary>
/// <param name="session">Disposed of with this.</param>
/// <param name="device">Where it runs, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="staging">Memory that the device reads and writes faster than .NET's (CUDA: pinned); null to bind .NET's own. Disposed of with this.</param>
public class OnnxSession(InferenceSession session, string device, OrtMemoryInfo? staging = null) : IDisposable
{
    private readonly OrtAllocator? _staging = staging is null ? null : new OrtAllocator(session, staging);

    public InferenceSession Session => session;

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device => device;

    /// <summary>Whether a binding copies its inputs to the device when they are bound, not when it runs.</summary>
    internal bool CopiesWhenBound => device != "cpu";

    internal virtual void Run(RunOptions options, OrtIoBinding binding) => session.RunWithBinding(options, binding);

    /// <summary>A tensor over the memory itself, or a staged one that is copied from and to it.</summary>
    internal BoundTensor Bind(Memory<float> host, long[] shape) => _staging is null
        ? new BoundTensor(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, host, shape), host, false)
        : new BoundTensor(OrtValue.CreateAllocatedTensorValue(_staging, TensorElementType.Float, shape), host, true);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _staging?.Dispose();
        staging?.Dispose();
        session.Dispose();
    }

    /// <param name="Value">What is bound.</param>
    /// <param name="Host">The batch in .NET's memory.</param>
    /// <param name="Staged">The two are not the same memory.</param>
    internal sealed record BoundTensor(OrtValue Value, Memory<float> Host, bool Staged) : IDisposable
    {
        public void Stage(int floats)
        {
            if (Staged)
            {
                Host.Span[..floats].CopyTo(Value.GetTensorMutableDataAsSpan<float>());
            }
        }

        public void Fetch(int floats)
        {
            if (Staged)
            {
                Value.GetTensorDataAsSpan<float>()[..floats].CopyTo(Host.Span);
            }
        }

        public void Dispose() => Value.Dispose();
    }
}
