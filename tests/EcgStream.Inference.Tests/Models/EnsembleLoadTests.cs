using System.Text.Json.Nodes;
using EcgStream.Core.Batching;
using EcgStream.Core.Signals;
using EcgStream.Inference.Models;
using EcgStream.Inference.Sessions;
using EcgStream.Inference.Tests.Support;
using EcgStream.Testing.Onnx;
using Loader = EcgStream.Inference.Tests.Support.Sessions;

namespace EcgStream.Inference.Tests.Models;

public sealed class EnsembleLoadTests
{
    private static readonly JsonObject Mean = new() { ["kind"] = "mean" };
    private static readonly JsonObject StackVote = new() { ["kind"] = "stack", ["model"] = "stack.onnx" };

    public static TheoryData<string, int, Action<JsonObject>> Contradictions => new()
    {
        { "vote/net1/card.json $.output.labels[1]", 1, card => card["output"]!["labels"]![1]!["name"] = "other" },
        { "vote/net1/card.json $.output.labels[0]", 1, card => card["output"]!["labels"] = new JsonArray(card["output"]!["labels"]![1]!.DeepClone(), card["output"]!["labels"]![0]!.DeepClone()) },
        { "vote/net2/card.json $.members", 2, card => { card["members"] = new JsonArray("a", "b"); card["postprocessing"]!["vote"] = Mean.DeepClone(); } },
        { "vote/net1/card.json $.input.leads", 1, card => { card["input"]!["leads"] = new JsonArray("V1", "II"); card["preprocessing"]!["window"]![0]!["leads"] = new JsonArray("V1", "II"); } },
        { "vote/net1/card.json $.preprocessing.window[2]", 1, card => card["preprocessing"]!["window"]![2]!["epsilon"] = 1e-3 },
        { "vote/net1/card.json $.preprocessing.window", 1, card => card["preprocessing"]!["window"]!.AsArray().RemoveAt(2) },
        { "vote/net2/card.json $.name", 2, card => card["name"] = "net1" },
        { "vote/net2/card.json $.provenance.sha256", 2, card => card["provenance"]!["sha256"] = new string('0', 64) },
        { "vote/net3/card.json $", 0, card => card["members"]!.AsArray().Add("net3") },
        { "vote/card.json $.provenance.sha256", 0, card => card["provenance"]!["sha256"] = new string('0', 64) },
        { "vote/card.json $.members", 0, card => card["members"] = new JsonArray("net1") },
        { "vote/net1/card.json $.output.kind", 0, card => card["output"]!["kind"] = "sigmoid" },
    };

    [Fact]
    public void Load_Ensemble_IsOneModelAndItsMembersAreNone()
    {
        using var folder = Spec().Write(new ModelFolder()).Add(CardText.Card(), CardText.Model());
        var models = Loader.Load(folder);
        Assert.Equal([CardText.Name, "vote"], models.Select(model => model.Identity.Name));
        Assert.Equal(["net1", "net2"], Assert.IsType<EnsembleClassifier>(models[1]).MemberCards.Select(card => card.Name));
        Assert.Equal(4, models[1].MaxBatch);
        Assert.All(models, model => model.Dispose());
    }

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Load_EnsembleThatContradictsItself_StopsTheStart(string place, int which, Action<JsonObject> bend)
    {
        using var folder = Spec().Write(new ModelFolder(), bend: (index, card) =>
        {
            if (index == which)
            {
                bend(card);
            }
        });
        Assert.Contains(place, ErrorsOf(folder));
    }

    [Fact]
    public void Load_SeveralThingsWrong_AllAreTold()
    {
        using var folder = Spec().Write(new ModelFolder(), bend: (index, card) =>
        {
            if (index > 0)
            {
                card["output"]!["labels"]![1]!["name"] = "other";
            }
        }).AddFile("vote/model.onnx", CardText.Model());
        Assert.Equal(["vote/model.onnx $", "vote/net1/card.json $.output.labels[1]", "vote/net2/card.json $.output.labels[1]"], ErrorsOf(folder));
    }

    [Fact]
    public void Load_StackOfTheWrongShape_StopsTheStart()
    {
        var stack = Spec(StackVote);
        using var good = stack.Write(new ModelFolder());
        Assert.All(Loader.Load(good), model => model.Dispose());

        var wrong = OnnxModelWriter.RowClassifier(6, 2, new float[12], new float[2]);
        using var folder = stack.Write(new ModelFolder(), bend: (index, card) => Hash(index, card, wrong)).AddFile("vote/stack.onnx", wrong);
        Assert.Equal(["vote/card.json $.postprocessing.vote.model"], ErrorsOf(folder));

        var logits = OnnxModelWriter.RowClassifier(4, 2, new float[8], [3, -3], "Identity");
        using var noProbabilities = stack.Write(new ModelFolder(), bend: (index, card) => Hash(index, card, logits)).AddFile("vote/stack.onnx", logits);
        Assert.Equal(["vote/card.json $.postprocessing.vote.model"], ErrorsOf(noProbabilities));

        using var missing = stack.Write(new ModelFolder());
        File.Delete(Path.Combine(missing.Path, "vote", "stack.onnx"));
        Assert.Equal(["vote/stack.onnx $"], ErrorsOf(missing));
    }

    [Fact]
    public void Load_OptionalModels_OnlyThoseThatAreNamed()
    {
        using var folder = Spec().Write(Spec().Write(new ModelFolder(), "optional/vote"), "optional/other").Add(CardText.Card(), CardText.Model());
        var models = Loader.Load(folder);
        Assert.Equal([CardText.Name], models.Select(model => model.Identity.Name));
        Assert.All(models, model => model.Dispose());
        models = Loader.Load(folder, optional: ["vote"]);
        Assert.Equal([CardText.Name, "vote"], models.Select(model => model.Identity.Name));
        Assert.All(models, model => model.Dispose());

        var error = Assert.Single(Assert.Throws<ModelLoadException>(() => Loader.Load(folder, optional: ["vote", "votes"])).Errors);
        Assert.Equal(("Inference:OptionalModels", "\"votes\"", "one of: other, vote"), (error.File, error.Value, error.Limit));
        Assert.Contains("no other", Assert.Single(Assert.Throws<ModelLoadException>(() => Loader.Load(folder, optional: ["vote", "vote"])).Errors).Limit, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadOne_NameOptionalNameOrFolder_GivesThatModel()
    {
        using var folder = Spec().Write(new ModelFolder(), "optional/vote").Add(CardText.Card(), CardText.Model());
        var repository = new ModelRepository(folder.Path, new OnnxSessionFactory(Loader.Cpu, new ListLogger<OnnxSessionFactory>()));
        foreach (var (asked, name) in new[] { (CardText.Name, CardText.Name), ("vote", "vote"), (Path.Combine(folder.Path, "optional", "vote") + Path.DirectorySeparatorChar, "vote") })
        {
            using var model = repository.LoadOne(asked, BatchSizes.PowersOfTwo(1), MonitoringBand.Sections);
            Assert.Equal(name, model.Identity.Name);
        }

        var refused = Assert.Throws<ModelLoadException>(() => repository.LoadOne("none", BatchSizes.PowersOfTwo(1), MonitoringBand.Sections));
        Assert.Contains($"one of: {CardText.Name}, vote", refused.Message, StringComparison.Ordinal);
    }

    private static void Hash(int index, JsonObject card, byte[] model)
    {
        if (index == 0)
        {
            card["provenance"]!["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(model));
        }
    }

    private static string[] ErrorsOf(ModelFolder folder) =>
        [.. Assert.Throws<ModelLoadException>(() => Loader.Load(folder)).Errors.Select(error => $"{error.File} {error.Path}").Order(StringComparer.Ordinal)];

    private static EnsembleSpec Spec(JsonObject? vote = null) => new()
    {
        Labels = 2,
        Members = [([1, 0, 0, 1], [0, 0]), ([0, 1, 1, 0], [0.5f, 0])],
        Vote = vote ?? Mean,
        Stack = vote is null ? null : (new float[8], [0.1f, 0]),
    };
}
