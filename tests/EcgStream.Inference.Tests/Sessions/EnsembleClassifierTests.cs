using System.Text.Json.Nodes;
using EcgStream.Inference.Sessions;
using EcgStream.Inference.Tests.Support;
using Loader = EcgStream.Inference.Tests.Support.Sessions;

namespace EcgStream.Inference.Tests.Sessions;

public sealed class EnsembleClassifierTests
{
    /// <summary>Random ensembles of every kind in the real runtime against the same computed by hand, every batch size.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_RandomEnsembles_EqualTheNaiveOnes(int seed)
    {
        var random = new Random(seed);
        var compared = 0;
        for (var round = 0; round < 12; round++)
        {
            var spec = Draw(random);
            using var folder = spec.Write(new ModelFolder());
            using var ensemble = Assert.IsType<EnsembleClassifier>(Assert.Single(Loader.Load(folder)));
            foreach (var count in new[] { 4, 1, 3, 2 })
            {
                var inputs = Enumerable.Range(0, count).Select(_ => OnnxClassifierTests.Window(random, ensemble.Recipe.InputLength)).ToArray();
                for (var row = 0; row < count; row++)
                {
                    ensemble.Load(row, inputs[row]);
                }

                var scores = ensemble.Run(count).ToArray();
                Assert.Equal(count * spec.Labels, scores.Length);
                for (var row = 0; row < count; row++)
                {
                    var expected = spec.Expected(inputs[row]);
                    if (IsOnAnEdge(spec, inputs[row]))
                    {
                        continue; // a float's last bits decide
                    }

                    for (var label = 0; label < spec.Labels; label++)
                    {
                        Assert.True(Math.Abs(expected[label] - scores[(row * spec.Labels) + label]) < 1e-5, $"seed {seed}, round {round}, {spec.Vote.ToJsonString()}: {scores[(row * spec.Labels) + label]}, expected {expected[label]}");
                        compared++;
                    }
                }
            }
        }

        Assert.True(compared > 200, $"{compared} compared");
    }

    [Fact]
    public void Run_OrderedVote_TheFirstOfTheOrderAboveTheThresholdTakesAll()
    {
        // Both members say (0.45, 0.55) for a flat window; label 0 comes first in the order and is above 0.4.
        var spec = new EnsembleSpec
        {
            Labels = 2,
            Members = [(new float[4], [0, 0.2006707f]), (new float[4], [0, 0.2006707f])],
            Vote = Ordered(0.4, 0, 1),
        };
        Assert.Equal([1, 0], RunFlat(spec));
        Assert.Equal([0, 1], RunFlat(new EnsembleSpec { Labels = 2, Members = spec.Members, Vote = Ordered(0.5, 0, 1) }));
        var open = RunFlat(new EnsembleSpec { Labels = 2, Members = spec.Members, Vote = Ordered(0.6, 0, 1) });
        Assert.Equal(0.45f, open[0], 1e-5f);
    }

    [Fact]
    public void Run_Warm_AllocatesNothing()
    {
        foreach (var spec in new[] { Draw(new Random(5), "ordered"), Draw(new Random(6), "stack") })
        {
            using var folder = spec.Write(new ModelFolder());
            using var ensemble = Assert.Single(Loader.Load(folder));
            var input = new float[ensemble.Recipe.InputLength];
            ensemble.Load(0, input);
            ensemble.Run(3);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 100; round++)
            {
                ensemble.Load(round % 3, input);
                ensemble.Run(3);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Run_MemberWithoutANumber_IsNotHiddenByTheVote()
    {
        var spec = new EnsembleSpec { Labels = 2, Members = [([1, 0, 0, 0], [0, 0]), (new float[4], [0, 3])], Vote = Ordered(0.1, 1, 0) };
        using var folder = spec.Write(new ModelFolder());
        using var ensemble = Assert.Single(Loader.Load(folder));
        var input = new float[ensemble.Recipe.InputLength];
        input[0] = float.NaN;
        ensemble.Load(0, input);
        Assert.Contains(ensemble.Run(1).ToArray(), score => !float.IsFinite(score));
    }

    internal static JsonObject Ordered(double threshold, params int[] order) =>
        new() { ["kind"] = "ordered", ["order"] = new JsonArray([.. order.Select(index => JsonValue.Create(index))]), ["threshold"] = threshold };

    private static float[] RunFlat(EnsembleSpec spec)
    {
        using var folder = spec.Write(new ModelFolder());
        using var ensemble = Assert.Single(Loader.Load(folder));
        ensemble.Load(0, new float[ensemble.Recipe.InputLength]);
        return ensemble.Run(1).ToArray();
    }

    private static EnsembleSpec Draw(Random random, string? kind = null)
    {
        kind ??= new[] { "mean", "ordered", "stack" }[random.Next(3)];
        var head = kind != "ordered" && random.Next(2) == 0 ? "Sigmoid" : "Softmax";
        var labels = random.Next(2, 6);
        var members = random.Next(2, 5);
        var vote = kind switch
        {
            "ordered" => Ordered(random.NextDouble() * 0.8, [.. Enumerable.Range(0, labels).OrderBy(_ => random.Next())]),
            "stack" => new JsonObject { ["kind"] = "stack", ["model"] = "stack.onnx" },
            _ => new JsonObject { ["kind"] = "mean" },
        };
        var clip = random.Next(3) == 0;
        return new EnsembleSpec
        {
            Labels = labels,
            Head = head,
            Members = [.. Enumerable.Range(0, members).Select(_ => (Floats(random, CardText.Leads * labels), Floats(random, labels)))],
            Vote = vote,
            Stack = kind == "stack" ? (Floats(random, members * labels * labels), Floats(random, labels)) : null,
            Temperature = random.Next(2) == 0 ? 1 : 0.5 + random.NextDouble(),
            MemberTemperature = random.Next(2) == 0 ? 1 : 0.5 + random.NextDouble(),
            MemberSnap = random.Next(2) == 0 ? (0.2, 0.8) : null,
            Clip = clip ? (0.1, 0.9) : null,
            Snap = !clip && random.Next(2) == 0 ? (0.15, 0.85) : null,
        };
    }

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 6) - 3))];

    /// <summary>Whether a nudge of the window changes more than a nudge should: some score lies on a threshold.</summary>
    private static bool IsOnAnEdge(EnsembleSpec spec, float[] input)
    {
        var expected = spec.Expected(input);
        return new[] { 1e-5f, -1e-5f }.Any(nudge => spec.Expected([.. input.Select(value => value + nudge)]).Zip(expected).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-3));
    }
}
