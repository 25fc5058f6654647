using EcgStream.Testing.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EcgStream.StandIns.Tests.OnnxRuntime;

/// <summary>The native library and the API over it, on a real model whose output is known by hand.</summary>
public sealed class OnnxRuntimeTests
{
    private const int Leads = 2;
    private const int Samples = 50;
    private static readonly float[] Weights = [1, -1, 0.5f, 2, 0, 1];
    private static readonly float[] Bias = [0.1f, 0.2f, -0.3f];

    [Fact]
    public void AssemblyName_IsTheOfficialOne() => Assert.Equal("Microsoft.ML.OnnxRuntime", typeof(InferenceSession).Assembly.GetName().Name);

    [Fact]
    public void Version_OfTheNativeLibrary_IsTheOneFollowed() => Assert.StartsWith("1.29.", OrtEnv.Instance().GetVersionString(), StringComparison.Ordinal);

    [Fact]
    public void Run_RealModel_GivesTheSoftmaxOfItsWeights()
    {
        using var session = new InferenceSession(OnnxModelWriter.MeanClassifier(Leads, Samples, 3, Weights, Bias));
        Assert.Equal([-1, Leads, Samples], session.InputMetadata["window"].Dimensions);
        var input = Window(2);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("window", new DenseTensor<float>(input, [2, Leads, Samples]))]);
        AssertScores(input, results[0].AsTensor<float>().ToArray());
    }

    [Fact]
    public void RunWithBinding_MemoryChangedBetweenRuns_IsSeen()
    {
        using var session = new InferenceSession(OnnxModelWriter.MeanClassifier(Leads, Samples, 3, Weights, Bias));
        var input = new float[2 * Leads * Samples];
        var output = new float[2 * 3];
        using var inputValue = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input.AsMemory(), [2, Leads, Samples]);
        using var outputValue = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, output.AsMemory(), [2, 3]);
        using var binding = session.CreateIoBinding();
        using var options = new RunOptions();
        binding.BindInput("window", inputValue);
        binding.BindOutput("scores", outputValue);
        foreach (var seed in new[] { 1, 2 })
        {
            Window(seed).CopyTo(input, 0);
            session.RunWithBinding(options, binding);
            AssertScores(input, output);
        }
    }

    [Fact]
    public void InferenceSession_NotAModel_Throws() =>
        Assert.Throws<OnnxRuntimeException>(() => new InferenceSession([1, 2, 3]));

    private static float[] Window(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 2 * Leads * Samples).Select(_ => (float)(random.NextDouble() * 4) - 2)];
    }

    private static void AssertScores(float[] input, float[] scores)
    {
        for (var row = 0; row < 2; row++)
        {
            var means = Enumerable.Range(0, Leads).Select(lead => input.Skip(((row * Leads) + lead) * Samples).Take(Samples).Average()).ToArray();
            var powers = Enumerable.Range(0, 3).Select(label => Math.Exp((means[0] * Weights[label]) + (means[1] * Weights[3 + label]) + Bias[label])).ToArray();
            for (var label = 0; label < 3; label++)
            {
                Assert.Equal(powers[label] / powers.Sum(), scores[(row * 3) + label], 1e-5);
            }
        }
    }
}
