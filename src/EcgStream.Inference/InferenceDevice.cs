namespace EcgStream.Inference;

/// <summary>Where models run.</summary>
public enum InferenceDevice
{
    /// <summary>On CUDA where it can be had, else on the CPU; the log says which and why.</summary>
    Auto,

    Cpu,

    /// <summary>On CUDA; the daemon does not start without it.</summary>
    Cuda,
}
