using EcgStream.Core.Batching;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// One graph in ONNX Runtime. Each batch size has its own binding over the same pinned input and output, made once: a run allocates nothing.
/// A batch is padded to the next size with whatever the rows held before; rows do not see each other. One thread.
/// </summary>
internal sealed class OnnxGraph : IDisposable
{
    private readonly OnnxSession _session;
    private readonly BatchSizes _sizes;
    private readonly RunOptions _run = new();
    private readonly BatchInput _input;
    private readonly (string Rows, string? Features) _names;
    private readonly string _outputName;
    private readonly int _labels;
    private readonly float[] _scores;
    private readonly Bucket[] _buckets;

    /// <param name="session">Disposed of with the graph.</param>
    /// <param name="sizes">Batch sizes to bind.</param>
    /// <param name="names">The graph's input, and its second one for features, or null.</param>
    /// <param name="input">Rows of the batch; may be shared with other graphs of the same thread.</param>
    /// <param name="rowShape">Dimensions of one row, without the batch.</param>
    /// <param name="outputName">The graph's output.</param>
    /// <param name="labels">Scores of one row.</param>
    public OnnxGraph(
        OnnxSession session, BatchSizes sizes, (string Rows, string? Features) names, BatchInput input, IReadOnlyList<long> rowShape, string outputName, int labels)
    {
        (_session, _sizes, _input, _names, _outputName, _labels) = (session, sizes, input, names, outputName, labels);
        _scores = GC.AllocateArray<float>(sizes.Largest * labels, pinned: true);
        _buckets = [.. sizes.Sizes.Select(size => Bind(size, rowShape))];
    }

    /// <summary>Scores the first rows.</summary>
    /// <returns>What the graph gives, row by row; the next run overwrites it, and the caller may change it.</returns>
    public Span<float> Run(int count)
    {
        var bucket = _buckets[_sizes.IndexFor(count)];
        bucket.Input.Stage(count * _input.RowLength);
        bucket.Features?.Stage(count * _input.FeatureCount);
        if (_session.CopiesWhenBound)
        {
            bucket.Binding.BindInput(_names.Rows, bucket.Input.Value);
            if (bucket.Features is not null)
            {
                bucket.Binding.BindInput(_names.Features!, bucket.Features.Value);
            }
        }

        _session.Run(_run, bucket.Binding);
        bucket.Output.Fetch(count * _labels);
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
        var binding = _session.Session.CreateIoBinding();
        var input = _session.Bind(_input.First(size), [size, .. rowShape]);
        var output = _session.Bind(_scores.AsMemory(0, size * _labels), [size, _labels]);
        binding.BindInput(_names.Rows, input.Value);
        binding.BindOutput(_outputName, output.Value);
        if (_names.Features is null)
        {
            return new Bucket(binding, input, null, output);
        }

        var features = _session.Bind(_input.FirstFeatures(size), [size, _input.FeatureCount]);
        binding.BindInput(_names.Features, features.Value);
        return new Bucket(binding, input, features, output);
    }

    private readonly record struct Bucket(OrtIoBinding Binding, OnnxSession.BoundTensor Input, OnnxSession.BoundTensor? Features, OnnxSession.BoundTensor Output);
}
