using System.Diagnostics.Metrics;
using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace EcgStream.Inference.Tests.Support;

internal static class Sessions
{
    public static readonly InferenceOptions Cpu = new() { Device = InferenceDevice.Cpu };

    /// <summary>The model of <see cref="CardText"/> in the real runtime.</summary>
    public static OnnxClassifier Classifier(int maxBatch = 8)
    {
        using var folder = new ModelFolder().Add(CardText.Card(), CardText.Model());
        return Assert.IsType<OnnxClassifier>(Assert.Single(Load(folder, BatchSizes.PowersOfTwo(maxBatch))));
    }

    public static IReadOnlyList<IBatchClassifier> Load(
        ModelFolder folder, BatchSizes? sizes = null, InferenceOptions? options = null, ListLogger<OnnxSessionFactory>? log = null, IReadOnlyList<string>? optional = null) =>
        new ModelRepository(folder.Path, new OnnxSessionFactory(options ?? Cpu, log ?? new ListLogger<OnnxSessionFactory>()))
            .Load(sizes ?? BatchSizes.PowersOfTwo(4), MonitoringBand.Sections, optional);

    public static InferenceMetrics Metrics() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    /// <summary>What the model of <see cref="CardText"/> gives, computed by hand.</summary>
    public static double[] Expected(ReadOnlySpan<float> input)
    {
        var means = new double[CardText.Leads];
        for (var lead = 0; lead < CardText.Leads; lead++)
        {
            var sum = 0.0;
            foreach (var sample in input.Slice(lead * CardText.Samples, CardText.Samples))
            {
                sum += sample;
            }

            means[lead] = sum / CardText.Samples;
        }

        var powers = new double[2];
        for (var label = 0; label < 2; label++)
        {
            powers[label] = Math.Exp((means[0] * CardText.Weights[label]) + (means[1] * CardText.Weights[2 + label]) + CardText.Bias[label]);
        }

        return [.. powers.Select(power => power / powers.Sum())];
    }
}
