using EcgStream.Core.Batching;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// One graph in ONNX Runtime. Each batch size has its own binding over the same pinned input and output, made once: a run allocates nothing.
/// A batch is padded to the next size with whatever the rows held before; rows do not see each other. One thread.
/// </summary>
internal sealed class OnnxGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly BatchSizes _sizes;
    private readonly RunOptions _run = new();
    private readonly BatchInput _input;
    private readonly (string Rows, string? Features) _names;
    private readonly string _outputName;
    private readonly int _labels;
    private readonly float[] _scores;
    private readonly Bucket[] _buckets;
    private readonly bool _onHost;

    /// <param name="session">Disposed of with the graph.</param>
    /// <param name="device">Where the session runs, <c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="sizes">Batch sizes to bind.</param>
    /// <param name="names">The graph's input, and its second one for features, or null.</param>
    /// <param name="input">Rows of the batch; may be shared with other graphs of the same thread.</param>
    /// <param name="rowShape">Dimensions of one row, without the batch.</param>
    /// <param name="outputName">The graph's output.</param>
    /// <param name="labels">Scores of one row.</param>
    public OnnxGraph(
        InferenceSession session, string device, BatchSizes sizes, (string Rows, string? Features) names, BatchInput input, IReadOnlyList<long> rowShape, string outputName, int labels)
    {
        (_session, _sizes, _input, _names, _outputName, _labels) = (session, sizes, input, names, outputName, labels);
        _onHost = device == "cpu";
        _scores = GC.AllocateArray<float>(sizes.Largest * labels, pinned: true);
        _buckets = [.. sizes.Sizes.Select(size => Bind(size, rowShape))];
    }

    /// <summary>Scores the first rows.</summary>
    /// <returns>What the graph gives, row by row; the next run overwrites it, and the caller may change it.</returns>
    public Span<float> Run(int count)
    {
        var bucket = _buckets[_sizes.IndexFor(count)];
        if (!_onHost)
        {
            // A binding copies host memory to the device when it is made, not when it is run.
            bucket.Binding.BindInput(_names.Rows, bucket.Input);
            if (bucket.Features is not null)
            {
                bucket.Binding.BindInput(_names.Features!, bucket.Features);
            }
        }

        _session.RunWithBinding(_run, bucket.Binding);
        return _scores.AsSpan(0, count * _labels);
    }

    public void Dispose()
    {
        foreach (var bucket in _buckets)
        {
            bucket.Binding.Dispose();
            bucket.Input.Dispose();
            bucket.Features?.Dispose();
            bucket.Output.Dispose();
        }

        _run.Dispose();
        _session.Dispose();
    }

    private Bucket Bind(int size, IReadOnlyList<long> rowShape)
    {
        var binding = _session.CreateIoBinding();
        var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _input.First(size), [size, .. rowShape]);
        var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _scores.AsMemory(0, size * _labels), [size, _labels]);
        binding.BindInput(_names.Rows, input);
        binding.BindOutput(_outputName, output);
        if (_names.Features is null)
        {
            return new Bucket(binding, input, null, output);
        }

        var memory = _input.FirstFeatures(size);
        var features = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, [size, memory.Length / size]);
        binding.BindInput(_names.Features, features);
        return new Bucket(binding, input, features, output);
    }

    private readonly record struct Bucket(OrtIoBinding Binding, OrtValue Input, OrtValue? Features, OrtValue Output);
}
