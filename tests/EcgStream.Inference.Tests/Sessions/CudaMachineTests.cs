using EcgStream.Inference.Sessions;

namespace EcgStream.Inference.Tests.Sessions;

public sealed class CudaMachineTests
{
    [Fact]
    public void Missing_Nothing_IsNull() => Assert.Null(new Machine().Missing(new InferenceOptions { TensorRt = true }));

    [Theory]
    [InlineData("libonnxruntime_providers_cuda.so", "install the full release")]
    [InlineData("libcuda.so.1", "no NVIDIA driver is installed")]
    [InlineData("libcudart.so.13", "libcudart.so.13 cannot be loaded; install CUDA 13")]
    [InlineData("libcublasLt.so.13", "libcublasLt.so.13 cannot be loaded; install CUDA 13")]
    [InlineData("libcudnn.so.9", "libcudnn.so.9 cannot be loaded; install cuDNN 9")]
    [InlineData("libnvinfer.so.10", "set Inference:TensorRt to false")]
    public void Missing_OneFile_SaysWhichAndWhatToDo(string file, string said) =>
        Assert.Contains(said, new Machine { Without = file }.Missing(new InferenceOptions { TensorRt = true }), StringComparison.Ordinal);

    [Fact]
    public void Missing_TensorRtThatNobodyAskedFor_IsNoReason() => Assert.Null(new Machine { Without = "libnvinfer.so.10" }.Missing(new InferenceOptions()));

    [Theory]
    [InlineData(100, 0, 0, "the NVIDIA driver offers no GPU (CUDA error 100)")]
    [InlineData(0, 0, 0, "the NVIDIA driver offers no GPU")]
    [InlineData(0, 2, 2, "Inference:CudaDeviceId is 2, but the GPUs here are 0 to 1")]
    public void Missing_NoSuchGpu_SaysSo(int error, int count, int asked, string said) => Assert.Contains(
        said, new Machine { Answer = (error, count) }.Missing(new InferenceOptions { CudaDeviceId = asked }), StringComparison.Ordinal);

    private sealed class Machine : CudaMachine
    {
        public string? Without { get; init; }

        public (int Error, int Count) Answer { get; init; } = (0, 1);

        protected override bool HasProvider(string file) => file != Without;

        protected override bool CanLoad(string library) => library != Without;

        protected override (int Error, int Count) Gpus() => Answer;
    }
}
