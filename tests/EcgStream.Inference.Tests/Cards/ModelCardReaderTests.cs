using System.Text;
using System.Text.Json.Nodes;
using EcgStream.Core.Windows;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Tests.Support;

namespace EcgStream.Inference.Tests.Cards;

public sealed class ModelCardReaderTests
{
    [Fact]
    public void Read_GoodCard_HasEveryValue()
    {
        var card = CardText.Read(CardText.Card());
        Assert.Equal(("mean-of-leads", "1.2.0", ModelTask.Rhythm), (card.Name, card.Version, card.Task));
        Assert.Equal(["II", "V1"], card.Input.Leads);
        Assert.Equal((125, 1250, "lead-major", 10.0, 500), (card.Input.SampleRateHz, card.Input.Samples, card.Input.Layout, card.Input.WindowSeconds, card.Input.SourceRateHz));
        Assert.IsType<StreamStep.DeriveLeads>(card.StreamSteps[0]);
        Assert.Equal(3, Assert.IsType<StreamStep.SosFilter>(card.StreamSteps[1]).Sections.Count);
        Assert.Equal(new CardWindowStep.Decimate(4, 0), card.WindowSteps[1]);
        Assert.Equal(new CardWindowStep.ZScore(ZScoreAxis.Record, 1e-6), card.WindowSteps[2]);
        Assert.Equal(new CardLabel("abnormal", null, true, "medium"), card.Output.Labels[1]);
        Assert.Equal(new CardPostprocessing(1, null), card.Postprocessing);
        Assert.Equal(new DateOnly(2026, 11, 21), card.Provenance.Date);
        Assert.Equal(new CardMetric("accuracy", 0.9, (0.8, 0.95), "none"), Assert.Single(card.Provenance.Metrics));
    }

    [Fact]
    public void Read_EveryFieldTakenAwayInTurn_IsToldWithItsPath()
    {
        var paths = Leaves(CardText.Card(), "$").ToArray();
        Assert.True(paths.Length > 40);
        foreach (var path in paths)
        {
            var card = CardText.Card();
            var owner = At(card, path[..path.LastIndexOf('.')]).AsObject();
            owner.Remove(path[(path.LastIndexOf('.') + 1)..]);
            Assert.Contains(CardText.ErrorsOf(card), error => error.Path == path && error.Value == "missing");
        }
    }

    [Fact]
    public void Read_EveryObjectGivenAnUnknownField_IsToldWithItsPath()
    {
        foreach (var path in Objects(CardText.Card(), "$"))
        {
            var card = CardText.Card();
            At(card, path).AsObject()["typo"] = 1;
            var error = Assert.Single(CardText.ErrorsOf(card));
            Assert.Equal(path + ".typo", error.Path);
        }
    }

    [Fact]
    public void Read_SeveralErrors_AreAllTold()
    {
        var card = CardText.Card();
        card["version"] = 3;
        card["task"] = "rythm";
        card["input"]!["samples"] = -1;
        card["preprocessing"]!["window"]![1]!["factor"] = 0.5;
        card["postprocessing"]!["clip"] = new JsonArray(0.9, 0.1);
        card["provenance"]!["date"] = "21.11.2026";
        var errors = CardText.ErrorsOf(card);
        Assert.Equal(
            ["$.input.samples", "$.postprocessing.clip", "$.preprocessing.window[1].factor", "$.provenance.date", "$.task", "$.version"],
            errors.Select(error => error.Path).Order(StringComparer.Ordinal));
        Assert.Contains("card.json: $.input.samples: -1; expected a whole number from 1 to 100000", errors.Select(error => error.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"name\":NaN}")]
    public void Read_NotACard_IsRefusedWithoutAnException(string json)
    {
        Assert.Null(ModelCardReader.Read(Encoding.UTF8.GetBytes(json), "x/card.json", out var errors));
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Equal("x/card.json", error.File));
    }

    [Fact]
    public void Read_TooLarge_IsRefused()
    {
        Assert.Null(ModelCardReader.Read(new byte[ModelCardReader.LongestBytes + 1], "card.json", out var errors));
        Assert.Contains("at most", Assert.Single(errors).Limit, StringComparison.Ordinal);
    }

    /// <summary>Bytes changed at random (seeded): a card or errors, never an exception and never neither.</summary>
    [Fact]
    public void Read_BytesChangedAtRandom_GivesACardOrErrors()
    {
        const int Seed = 20_261_121;
        var random = new Random(Seed);
        var good = CardText.Utf8(CardText.Card());
        for (var round = 0; round < 2000; round++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var cut = random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length;
            var card = ModelCardReader.Read(bytes.AsMemory(0, cut), "card.json", out var errors);
            Assert.True(card is null == errors.Count > 0, $"seed {Seed}, round {round}");
        }
    }

    private static IEnumerable<string> Leaves(JsonNode node, string path) => node is JsonObject fields
        ? fields.SelectMany(field => field.Value is JsonObject or JsonArray
            ? Leaves(field.Value, $"{path}.{field.Key}").Append($"{path}.{field.Key}")
            : [$"{path}.{field.Key}"])
        : node is JsonArray list ? list.SelectMany((item, index) => item is null ? [] : Leaves(item, $"{path}[{index}]")) : [];

    private static IEnumerable<string> Objects(JsonNode node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Value is null ? [] : Objects(field.Value, $"{path}.{field.Key}")).Append(path),
        JsonArray list => list.SelectMany((item, index) => item is null ? [] : Objects(item, $"{path}[{index}]")),
        _ => [],
    };

    private static JsonNode At(JsonNode node, string path)
    {
        foreach (var part in path.Split('.')[1..])
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            node = node[bracket < 0 ? part : part[..bracket]]!;
            if (bracket >= 0)
            {
                node = node[int.Parse(part[(bracket + 1)..^1], System.Globalization.CultureInfo.InvariantCulture)]!;
            }
        }

        return node;
    }
}
