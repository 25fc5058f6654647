using System.Text.Json.Nodes;
using EcgStream.Core.Alarms;
using EcgStream.Core.Signals;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Tests.Support;

namespace EcgStream.Inference.Tests.Cards;

public sealed class ModelCardValidatorTests
{
    public static TheoryData<string, Action<JsonObject>> Contradictions => new()
    {
        { "$.name", card => card["name"] = "other" },
        { "$.name", card => card["name"] = "a b" },
        { "$.members", card => card["members"] = new JsonArray("one") },
        { "$.members[0]", card => card["members"] = new JsonArray("..", "one") },
        { "$.members[1]", card => card["members"] = new JsonArray("one", "one") },
        { "$.postprocessing.vote", card => card["members"] = new JsonArray("one", "two") },
        { "$.postprocessing.vote", card => card["postprocessing"]!["vote"] = new JsonObject { ["kind"] = "mean" } },
        { "$.postprocessing.snap", card => (card["postprocessing"]!["clip"], card["postprocessing"]!["snap"]) = (new JsonArray(0.1, 0.9), Snap(0.1, 0.9)) },
        { "$.postprocessing.snap.low", card => card["postprocessing"]!["snap"] = Snap(0.9, 0.1) },
        { "$.postprocessing.vote.order", card => Vote(card, Ordered(0.49, 1, 1)) },
        { "$.postprocessing.vote.order", card => Vote(card, Ordered(0.49, 0, 1, 2)) },
        { "$.postprocessing.vote.order[0]", card => Vote(card, Ordered(0.49, -1, 1)) },
        { "$.postprocessing.vote.threshold", card => Vote(card, Ordered(1, 1, 0)) },
        { "$.postprocessing.vote.kind", card => { Vote(card, Ordered(0.49, 1, 0)); card["output"]!["kind"] = "sigmoid"; } },
        { "$.postprocessing.vote.model", card => Vote(card, new JsonObject { ["kind"] = "stack", ["model"] = "../stack.onnx" }) },
        { "$.postprocessing.vote.model", card => Vote(card, new JsonObject { ["kind"] = "stack", ["model"] = ".onnx" }) },
        { "$.provenance.sha256", card => Vote(card, new JsonObject { ["kind"] = "mean" }) },
        { "$.provenance.sha256", card => card["provenance"]!["sha256"] = null },
        { "$.thresholds.labels.abnormal", card => card["thresholds"]!["labels"] = new JsonObject { ["abnormal"] = 0.4 } },
        { "$.thresholds.labels.af", card => { card["thresholds"]!["labels"] = new JsonObject { ["af"] = 0.4 }; card["output"]!["kind"] = "sigmoid"; } },
        { "$.thresholds.labels.abnormal", card => card["thresholds"]!["labels"] = new JsonObject { ["abnormal"] = 1.5 } },
        { "$.output.labels[0].alarmPriority", card => card["output"]!["labels"]![0]!["alarmPriority"] = "none" },
        { "$.provenance.sha256", card => card["provenance"]!["sha256"] = "ABC" },
        { "$.input.leads[1]", card => card["input"]!["leads"]![1] = "V9" },
        { "$.input.leads[1]", card => card["input"]!["leads"]![1] = "ii" },
        { "$.input.leads[1]", card => card["input"]!["leads"]![1] = "any" },
        { "$.preprocessing.window[0]", card => card["input"]!["leads"] = new JsonArray("V1", "II") },
        { "$.preprocessing.stream", card => card["preprocessing"]!["stream"]!.AsArray().RemoveAt(0) },
        { "$.preprocessing.stream[1].sampleRateHz", card => card["preprocessing"]!["stream"]![1]!["sampleRateHz"] = 250 },
        { "$.preprocessing.stream[1].sections", card => card["preprocessing"]!["stream"]![1]!["sections"]!.AsArray().RemoveAt(2) },
        { "$.preprocessing.stream[1].sections[0][4]", card => card["preprocessing"]!["stream"]![1]!["sections"]![0]![4] = -1.99 },
        { "$.preprocessing.stream[1].sections[2][3]", card => card["preprocessing"]!["stream"]![1]!["sections"]![2]![3] = 2 },
        { "$.input.sourceRateHz", card => card["input"]!["sourceRateHz"] = 250 },
        { "$.input.windowSeconds", card => card["input"]!["windowSeconds"] = 10.0001 },
        { "$.input.samples", card => card["input"]!["samples"] = 1249 },
        { "$.input.sampleRateHz", card => card["input"]!["sampleRateHz"] = 500 },
        { "$.preprocessing.window[1].offset", card => card["preprocessing"]!["window"]![1]!["offset"] = 4 },
        { "$.preprocessing.window[2].epsilon", card => card["preprocessing"]!["window"]![2]!["epsilon"] = 0 },
        { "$.preprocessing.window[3].min", card => card["preprocessing"]!["window"]!.AsArray().Add(new JsonObject { ["step"] = "clip", ["min"] = 1, ["max"] = 1 }) },
        { "$.output.labels", card => card["output"]!["labels"]![0]!["abnormal"] = true },
        { "$.output.labels", card => card["output"]!["labels"]!.AsArray().RemoveAt(1) },
        { "$.output.labels[1].name", card => card["output"]!["labels"]![1]!["name"] = "normal" },
        { "$.output.labels[0].snomed", card => card["output"]!["labels"]![0]!["snomed"] = "I48" },
        { "$.output.labels[1].alarmPriority", card => card["output"]!["labels"]![1]!["alarmPriority"] = "urgent" },
        { "$.output.labels[0].alarmPriority", card => card["output"]!["labels"]![0]!["alarmPriority"] = "low" },
    };

    [Fact]
    public void ValidateCard_GoodCard_HasNoError() => Assert.Empty(CardText.ErrorsOf(CardText.Card()));

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void ValidateCard_Contradiction_IsToldWithPathValueAndLimit(string path, Action<JsonObject> bend)
    {
        var card = CardText.Card();
        bend(card);
        var error = CardText.ErrorsOf(card).First(error => error.Path == path);
        Assert.NotEmpty(error.Value);
        Assert.NotEmpty(error.Limit);
    }

    [Fact]
    public void ValidateCard_FilterFromAnotherToolVersion_LastBitsMayDiffer()
    {
        var card = CardText.Card();
        card["preprocessing"]!["stream"]![1]!["sections"]![0]![0] = MonitoringBand.Sections[0].B0 + 1e-15;
        Assert.Empty(CardText.ErrorsOf(card));
    }

    [Fact]
    public void ValidateModel_ThatFits_HasNoError() =>
        Assert.Empty(ModelCardValidator.ValidateModel(CardText.Read(CardText.Card()), "card.json", Shape()));

    [Theory]
    [InlineData("$.input.name", "signal", 2, 1250, "scores", 2)]
    [InlineData("$.input", "window", 3, 1250, "scores", 2)]
    [InlineData("$.input", "window", 2, 5000, "scores", 2)]
    [InlineData("$.output.name", "window", 2, 1250, "logits", 2)]
    [InlineData("$.output", "window", 2, 1250, "scores", 3)]
    public void ValidateModel_ThatDoesNot_IsTold(string path, string input, int leads, int samples, string output, int labels) =>
        Assert.Equal(path, Assert.Single(ModelCardValidator.ValidateModel(CardText.Read(CardText.Card()), "card.json", Shape(input, leads, samples, output, labels))).Path);

    [Fact]
    public void ValidateModel_FixedBatch_IsTold()
    {
        var shape = Shape() with { Inputs = [new TensorShape("window", true, [1, 2, 1250])] };
        Assert.Contains("[1, 2, 1250]", Assert.Single(ModelCardValidator.ValidateModel(CardText.Read(CardText.Card()), "card.json", shape)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void ToRecipe_Card_SaysWhatTheWindowerMustDo()
    {
        var recipe = CardText.Read(CardText.Card()).ToRecipe();
        Assert.Equal(("mean-of-leads", 5000, 1250, 2500), (recipe.Model, recipe.SourceSamples, recipe.OutputSamples, recipe.InputLength));
        Assert.Equal([Lead.II, Lead.V1], recipe.Leads);
        Assert.Equal([new WindowStep.Decimate(4, 0), new WindowStep.ZScore(ZScoreAxis.Record, 1e-6)], recipe.Steps);
    }

    [Fact]
    public void ToRecipe_AnyLead_NamesNone()
    {
        var card = CardText.Card();
        card["input"]!["leads"] = new JsonArray("any");
        card["preprocessing"]!["window"]!.AsArray().RemoveAt(0);
        Assert.Empty(CardText.ErrorsOf(card));
        var recipe = CardText.Read(card).ToRecipe();
        Assert.Empty(recipe.Leads);
        Assert.Equal(1250, recipe.InputLength);
    }

    [Fact]
    public void ToIdentity_Card_KeepsTheOrderOfTheLabels()
    {
        var identity = CardText.Read(CardText.Card()).ToIdentity();
        Assert.Equal(["normal", "abnormal"], identity.Labels.Select(label => label.Name));
        Assert.Equal([null, AlarmPriority.Medium], identity.Labels.Select(label => label.AlarmPriority));
        Assert.Equal("102592006", identity.Labels[0].SnomedCode);
    }

    private static JsonObject Snap(double low, double high) => new() { ["low"] = low, ["high"] = high };

    private static JsonObject Ordered(double threshold, params int[] order) =>
        new() { ["kind"] = "ordered", ["order"] = new JsonArray([.. order.Select(index => JsonValue.Create(index))]), ["threshold"] = threshold };

    private static void Vote(JsonObject card, JsonObject vote) => (card["members"], card["postprocessing"]!["vote"]) = (new JsonArray("one", "two"), vote);

    private static ModelShape Shape(string input = "window", int leads = 2, int samples = 1250, string output = "scores", int labels = 2) =>
        new([new TensorShape(input, true, [-1, leads, samples])], [new TensorShape(output, true, [-1, labels])]);
}
