using EcgStream.Core.Batching;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;
using Microsoft.ML.OnnxRuntime;

namespace EcgStream.Inference.Sessions;

/// <summary>
/// A model in ONNX Runtime. Each batch size has its own binding over the same pinned input and output, made once: a run allocates nothing.
/// A batch is padded to the next size with whatever the rows held before; rows do not see each other. One thread.
/// </summary>
public sealed class OnnxClassifier : IBatchClassifier
{
    private const double SumTolerance = 1e-3;
    private readonly InferenceSession _session;
    private readonly BatchSizes _sizes;
    private readonly RunOptions _run = new();
    private readonly float[] _input;
    private readonly float[] _features;
    private readonly float[] _scores;
    private readonly Bucket[] _buckets;
    private readonly int _labels;

    /// <param name="card">A card that has been found valid for the session.</param>
    /// <param name="session">Disposed of with the classifier.</param>
    /// <param name="device">Where the session runs, <c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="sizes">Batch sizes to bind.</param>
    public OnnxClassifier(ModelCard card, InferenceSession session, string device, BatchSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(sizes);
        (Card, _session, Device, _sizes) = (card, session, device, sizes);
        Identity = card.ToIdentity();
        Recipe = card.ToRecipe();
        _labels = card.Output.Labels.Count;
        _input = GC.AllocateArray<float>(sizes.Largest * Recipe.RowsLength, pinned: true);
        _features = GC.AllocateArray<float>(sizes.Largest * Recipe.FeatureCount, pinned: true);
        _scores = GC.AllocateArray<float>(sizes.Largest * _labels, pinned: true);
        _buckets = [.. sizes.Sizes.Select(Bind)];
    }

    public ModelCard Card { get; }

    public ModelIdentity Identity { get; }

    public WindowRecipe Recipe { get; }

    public string Device { get; }

    public int MaxBatch => _sizes.Largest;

    public void Load(int row, ReadOnlySpan<float> input)
    {
        if (input.Length != Recipe.InputLength)
        {
            throw new ArgumentException($"{input.Length} floats; the model {Card.Name} takes {Recipe.InputLength}", nameof(input));
        }

        input[..Recipe.RowsLength].CopyTo(_input.AsSpan(row * Recipe.RowsLength));
        input[Recipe.RowsLength..].CopyTo(_features.AsSpan(row * Recipe.FeatureCount));
    }

    public ReadOnlySpan<float> Run(int count)
    {
        var bucket = _buckets[_sizes.IndexFor(count)];
        if (Device != "cpu")
        {
            // A binding copies host memory to the device when it is made, not when it is run.
            bucket.Binding.BindInput(Card.Input.Name, bucket.Input);
            if (bucket.Features is not null)
            {
                bucket.Binding.BindInput(Card.Input.Features!.Name, bucket.Features);
            }
        }

        _session.RunWithBinding(_run, bucket.Binding);
        var scores = _scores.AsSpan(0, count * _labels);
        Calibration.Apply(scores, _labels, Card.Output.Kind, Card.Postprocessing);
        return scores;
    }

    /// <summary>Runs every batch size, so that no patient's window pays for what the runtime does the first time, and looks at what comes out.</summary>
    /// <exception cref="InvalidDataException">The scores are no probabilities of the card's kind.</exception>
    public void WarmUp()
    {
        // A sine in each lead: not flat, and the same at every start.
        for (var index = 0; index < _input.Length; index++)
        {
            _input[index] = MathF.Sin(index * 0.05f);
        }

        foreach (var size in _sizes.Sizes)
        {
            CheckKind(Run(size));
        }

        Array.Clear(_input);
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

    private void CheckKind(ReadOnlySpan<float> scores)
    {
        for (var row = 0; row < scores.Length; row += _labels)
        {
            var sum = 0.0;
            foreach (var score in scores.Slice(row, _labels))
            {
                if (!(score >= 0 && score <= 1))
                {
                    throw new InvalidDataException($"a score of {score}, which is no probability; the graph must end with {Card.Output.Kind}");
                }

                sum += score;
            }

            if (Card.Output.Kind == ScoreKind.Softmax && Card.Postprocessing.Clip is null && Math.Abs(sum - 1) > SumTolerance)
            {
                throw new InvalidDataException($"scores that sum to {sum}, not to 1 as those of a softmax do");
            }
        }
    }

    private Bucket Bind(int size)
    {
        var binding = _session.CreateIoBinding();
        long[] inputShape = [size, Recipe.RowCount, Recipe.OutputSamples];
        long[] outputShape = [size, _labels];
        var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _input.AsMemory(0, size * Recipe.RowsLength), inputShape);
        var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _scores.AsMemory(0, size * _labels), outputShape);
        binding.BindInput(Card.Input.Name, input);
        OrtValue? features = null;
        if (Card.Input.Features is { } second)
        {
            long[] featureShape = [size, Recipe.FeatureCount];
            features = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _features.AsMemory(0, size * Recipe.FeatureCount), featureShape);
            binding.BindInput(second.Name, features);
        }

        binding.BindOutput(Card.Output.Name, output);
        return new Bucket(binding, input, features, output);
    }

    private readonly record struct Bucket(OrtIoBinding Binding, OrtValue Input, OrtValue? Features, OrtValue Output);
}
