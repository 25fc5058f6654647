using System.Runtime.InteropServices;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// Whether this machine has what CUDA needs, and in plain words what it lacks. The runtime itself names the first library that the linker missed,
/// which says little to whoever must install it.
/// </summary>
internal class CudaMachine
{
    private const string Driver = "libcuda.so.1";
    private static readonly string[] CudaLibraries = ["libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10"];
    private static readonly string[] CudnnLibraries = ["libcudnn.so.9"];
    private static readonly string[] TensorRtLibraries = ["libnvinfer.so.10", "libnvonnxparser.so.10"];

    private delegate int Initialize(uint flags);

    private delegate int CountDevices(out int count);

    /// <returns>Null where CUDA can be used as the options ask, else the reason and what to do about it, without a full stop.</returns>
    public string? Missing(InferenceOptions options)
    {
        if (!HasProvider("libonnxruntime_providers_cuda.so"))
        {
            return "this release comes without its GPU part (bundle.sh --cpu); install the full release";
        }

        if (!CanLoad(Driver))
        {
            return $"no NVIDIA driver is installed ({Driver} is not found); install NVIDIA's driver, or start the container with --gpus all";
        }

        var (error, count) = Gpus();
        if (error != 0 || count == 0)
        {
            return $"the NVIDIA driver offers no GPU (CUDA error {error}); see nvidia-smi, and let the program have the devices: PrivateDevices=no in systemd, --gpus all for a container";
        }

        if (options.CudaDeviceId >= count)
        {
            return $"Inference:CudaDeviceId is {options.CudaDeviceId}, but the GPUs here are 0 to {count - 1}";
        }

        return Lacks(CudaLibraries, "CUDA 13", "cuda-libraries-13-0")
            ?? Lacks(CudnnLibraries, "cuDNN 9 for CUDA 13", "libcudnn9-cuda-13")
            ?? (options.TensorRt ? Lacks(TensorRtLibraries, "TensorRT 10, or set Inference:TensorRt to false", "libnvinfer10 and libnvonnxparsers10") : null);
    }

    /// <summary>Whether the file lies where the release's native libraries are looked for.</summary>
    protected virtual bool HasProvider(string file) =>
        ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .Append(AppContext.BaseDirectory).Any(folder => File.Exists(Path.Combine(folder, file)));

    /// <summary>Whether the linker finds the library, and all that it needs itself.</summary>
    protected virtual bool CanLoad(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
        {
            return false;
        }

        NativeLibrary.Free(handle);
        return true;
    }

    /// <summary>Asks the driver.</summary>
    /// <returns>The driver's error, 0 for none, and how many GPUs this process may use.</returns>
    protected virtual (int Error, int Count) Gpus()
    {
        var driver = NativeLibrary.Load(Driver); // never freed: the runtime needs it next
        var error = Function<Initialize>(driver, "cuInit")(0);
        var count = 0;
        return (error != 0 ? error : Function<CountDevices>(driver, "cuDeviceGetCount")(out count), count);
    }

    private static T Function<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    private string? Lacks(string[] libraries, string what, string packages)
    {
        var missing = libraries.Where(library => !CanLoad(library)).ToArray();
        return missing.Length == 0 ? null : $"{string.Join(", ", missing)} cannot be loaded; install {what} (packages {packages} of NVIDIA's repository)";
    }
}
