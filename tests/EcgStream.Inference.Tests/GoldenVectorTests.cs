using System.Runtime.InteropServices;
using System.Text.Json;
using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using EcgStream.Inference.Tests.Support;

namespace EcgStream.Inference.Tests;

/// <summary>
/// The daemon's own filter, window steps and shipped models against the vectors that the training code wrote
/// (<c>src/training/run.sh golden</c>): 1e-5 for samples, 1e-4 for scores.
/// </summary>
public sealed class GoldenVectorTests : IDisposable
{
    private const double SampleTolerance = 1e-5;
    private const double ScoreTolerance = 1e-4;
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");
    private readonly JsonDocument _manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "manifest.json")));

    private IEnumerable<JsonElement> Streams => _manifest.RootElement.GetProperty("streams").EnumerateArray();

    public void Dispose() => _manifest.Dispose();

    [Fact]
    public void Filter_RawStreams_EqualTheTrainingCode()
    {
        foreach (var stream in Streams)
        {
            var raw = Read(stream.GetProperty("raw"), out var samples);
            var expected = Read(stream.GetProperty("filtered"), out _);
            var frames = Filtered(raw, samples);
            for (var lead = 0; lead < LeadNames.StandardTwelve.Count; lead++)
            {
                for (var sample = 0; sample < samples; sample++)
                {
                    AssertClose(expected[(lead * samples) + sample], frames[(sample * 12) + lead], SampleTolerance, $"lead {lead}, sample {sample}");
                }
            }
        }
    }

    [Fact]
    public void Prepare_EachStep_EqualsTheTrainingCode()
    {
        var cases = 0;
        foreach (var stream in Streams)
        {
            var raw = Read(stream.GetProperty("raw"), out var samples);
            foreach (var step in stream.GetProperty("steps").EnumerateArray())
            {
                var expected = Read(step.GetProperty("expected"), out var outputSamples);
                var recipe = Recipe(step, outputSamples);
                var input = new float[recipe.InputLength];
                Prepare(recipe, raw, samples, step.GetProperty("windowEnd").GetInt32(), recipe.Leads, input);
                AssertClose(expected, input, SampleTolerance, step.GetProperty("name").GetString()!);
                cases++;
            }
        }

        Assert.True(cases >= 5);
    }

    /// <summary>The whole way of a window: raw samples, filter, rings, the card's steps, the shipped model.</summary>
    [Fact]
    public void Scores_OfTheShippedModels_EqualTheTrainingCode()
    {
        var models = LoadShipped();
        var scored = new HashSet<string>();
        foreach (var stream in Streams)
        {
            var raw = Read(stream.GetProperty("raw"), out var samples);
            foreach (var golden in stream.GetProperty("scores").EnumerateArray())
            {
                var model = Find(models, golden);
                var recipe = model.Recipe;
                IReadOnlyList<Lead> leads = recipe.Leads;
                if (leads.Count == 0)
                {
                    Assert.True(LeadNames.TryParse(golden.GetProperty("lead").GetString()!, out var lead));
                    leads = [lead];
                }

                var input = new float[recipe.InputLength];
                Prepare(recipe, raw, samples, golden.GetProperty("windowEnd").GetInt32(), leads, input);
                AssertClose(Read(golden.GetProperty("input"), out _), input, SampleTolerance, recipe.Model);
                model.Load(0, input);
                var scores = model.Run(1);
                float[] expected = [.. golden.GetProperty("expected").EnumerateArray().Select(score => score.GetSingle())];
                AssertClose(expected, scores, ScoreTolerance, recipe.Model);
                scored.Add(recipe.Model);
            }
        }

        // A model that ships without vectors of its training code cannot be told from one that is served wrongly.
        Assert.Equal(models.Where(model => model.Recipe.Beat is null).Select(model => model.Identity.Name), scored.Order(StringComparer.Ordinal));
        Assert.All(models, model => model.Dispose());
    }

    /// <summary>Prepared windows of single beats and the shipped models of beats, ensembles among them.</summary>
    [Fact]
    public void BeatScores_OfTheShippedModels_EqualTheTrainingCode()
    {
        var models = LoadShipped();
        var scored = new HashSet<string>();
        var cases = _manifest.RootElement.TryGetProperty("beatScores", out var beats) ? beats.EnumerateArray().ToList() : [];
        foreach (var golden in cases)
        {
            var model = Find(models, golden);
            var rows = Read(golden.GetProperty("input"), out _);
            var features = golden.TryGetProperty("features", out var second) && second.ValueKind == JsonValueKind.Object ? Read(second, out _) : [];
            model.Load(0, [.. rows, .. features]);
            float[] expected = [.. golden.GetProperty("expected").EnumerateArray().Select(score => score.GetSingle())];
            AssertClose(expected, model.Run(1), ScoreTolerance, model.Identity.Name);
            scored.Add(model.Identity.Name);
        }

        Assert.Equal(models.Where(model => model.Recipe.Beat is not null).Select(model => model.Identity.Name), scored.Order(StringComparer.Ordinal));
        Assert.All(models, model => model.Dispose());
    }

    /// <summary>Every model that ships, the optional ones too; on the GPU where ECG_TEST_DEVICE says so.</summary>
    private static IReadOnlyList<IBatchClassifier> LoadShipped()
    {
        var options = new InferenceOptions { Device = Environment.GetEnvironmentVariable("ECG_TEST_DEVICE") == "cuda" ? InferenceDevice.Cuda : InferenceDevice.Cpu };
        var repository = new ModelRepository(Path.Combine(AppContext.BaseDirectory, "models"), new OnnxSessionFactory(options, new ListLogger<OnnxSessionFactory>()));
        return repository.Load(BatchSizes.PowersOfTwo(2), MonitoringBand.Sections, repository.OptionalNames);
    }

    /// <summary>The model of a golden case, which must be the very one that the training code had.</summary>
    private static IBatchClassifier Find(IReadOnlyList<IBatchClassifier> models, JsonElement golden)
    {
        var model = models.Single(model => model.Identity.Name == golden.GetProperty("model").GetString());
        Assert.Equal(golden.GetProperty("modelSha256").GetString(), model.Card.Provenance.Sha256);
        string?[] members = golden.TryGetProperty("memberSha256", out var hashes) ? [.. hashes.EnumerateArray().Select(hash => hash.GetString())] : [];
        Assert.Equal(members, model is EnsembleClassifier ensemble ? ensemble.MemberCards.Select(card => card.Provenance.Sha256) : []);
        return model;
    }

    private static WindowRecipe Recipe(JsonElement golden, int outputSamples)
    {
        IReadOnlyList<Lead> leads = LeadNames.StandardTwelve;
        var steps = new List<WindowStep>();
        foreach (var step in golden.GetProperty("steps").EnumerateArray())
        {
            switch (step.GetProperty("step").GetString())
            {
                case "select_leads":
                    leads = [.. step.GetProperty("leads").EnumerateArray().Select(name => LeadNames.TryParse(name.GetString()!, out var lead) ? lead : Lead.None)];
                    break;
                case "decimate":
                    steps.Add(new WindowStep.Decimate(step.GetProperty("factor").GetInt32(), step.GetProperty("offset").GetInt32()));
                    break;
                case "scale":
                    steps.Add(new WindowStep.Scale(step.GetProperty("factor").GetSingle()));
                    break;
                case "clip":
                    steps.Add(new WindowStep.Clip(step.GetProperty("min").GetSingle(), step.GetProperty("max").GetSingle()));
                    break;
                case "zscore":
                    var axis = step.GetProperty("axis").GetString() == "lead" ? ZScoreAxis.Lead : ZScoreAxis.Record;
                    steps.Add(new WindowStep.ZScore(axis, step.GetProperty("epsilon").GetDouble()));
                    break;
                default:
                    throw new InvalidOperationException($"A step that the daemon does not know: {step}");
            }
        }

        return new WindowRecipe(golden.GetProperty("name").GetString()!, leads, 5000, steps, outputSamples);
    }

    private static void Prepare(WindowRecipe recipe, float[] raw, int samples, int windowEnd, IReadOnlyList<Lead> leads, Span<float> input)
    {
        var layout = new LeadLayout(LeadList.Of([.. LeadNames.StandardTwelve]));
        var rings = new SampleRings(layout, 5000);
        var frames = Filtered(raw, samples).AsSpan(0, windowEnd * 12);
        // In chunks of 100 ms, as a device sends them, so that the rings wrap as they do in a session.
        for (var at = 0; at < frames.Length; at += 50 * 12)
        {
            rings.Append(frames.Slice(at, Math.Min(50 * 12, frames.Length - at)));
        }

        new WindowPreparer(recipe).Prepare(rings, [.. leads.Select(layout.RowOf)], input);
    }

    private static double[] Filtered(float[] raw, int samples)
    {
        var filter = new SosFilter(MonitoringBand.Sections, 12);
        Assert.Equal(12, filter.Stride);
        var frames = new double[samples * 12];
        for (var lead = 0; lead < 12; lead++)
        {
            for (var sample = 0; sample < samples; sample++)
            {
                frames[(sample * 12) + lead] = raw[(lead * samples) + sample];
            }
        }

        filter.Process(frames);
        return frames;
    }

    private static float[] Read(JsonElement array, out int columns)
    {
        var shape = array.GetProperty("shape");
        columns = shape[shape.GetArrayLength() - 1].GetInt32();
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, array.GetProperty("file").GetString()!))).ToArray();
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var index = 0; index < expected.Length; index++)
        {
            AssertClose(expected[index], actual[index], tolerance, $"{what}, {index}");
        }
    }

    private static void AssertClose(double expected, double actual, double tolerance, string what)
    {
        if (!(Math.Abs(expected - actual) <= tolerance))
        {
            Assert.Fail($"{what}: {actual}, expected {expected} ± {tolerance}");
        }
    }
}
