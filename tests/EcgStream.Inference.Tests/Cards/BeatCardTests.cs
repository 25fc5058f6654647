using System.Text;
using EcgStream.Core.Beats;
using EcgStream.Core.Signals;
using EcgStream.Inference.Cards;
using EcgStream.Inference.Models;

namespace EcgStream.Inference.Tests.Cards;

/// <summary>Cards of single beats: the shipped ones, and what is wrong with changed ones.</summary>
public sealed class BeatCardTests
{
    private const string Name = "beat-2lead";

    private static readonly string Shipped = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "models", Name, ModelRepository.CardFile));

    [Fact]
    public void Read_ShippedCard_SaysHowBeatsAreCut()
    {
        var (card, errors) = Read(Shipped);

        Assert.Empty(errors);
        var recipe = card!.ToRecipe();
        Assert.Equal((2, 4, 100, 400), (recipe.LeadCount, recipe.RowCount, recipe.OutputSamples, recipe.SourceSamples));
        Assert.Equal(new BeatCut.Fixed(180, 220), recipe.Beat!.Cut);
        Assert.Equal(BeatFeatures.Count, recipe.FeatureCount);
        Assert.Equal(["N", "S", "V", "F"], card!.Output.Labels.Select(label => label.Name));
    }

    [Theory]
    [InlineData("\"leads\": [\"any\", \"any\"]", "\"leads\": [\"II\", \"V1\"]", "$.input.leads")]
    [InlineData("pre_ratio", "pre_ration", "$.input.features.list")]
    [InlineData("\"beforeSeconds\": 0.36", "\"beforeSeconds\": 0.4", "$.preprocessing.window")]
    [InlineData("\"kind\": \"fixed\"", "\"kind\": \"wide\"", ".kind")]
    [InlineData("\"task\": \"beat\"", "\"task\": \"rhythm\"", "$.input")]
    public void Read_ChangedCard_SaysWhere(string from, string to, string place)
    {
        Assert.Contains(from, Shipped, StringComparison.Ordinal);
        var (_, errors) = Read(Shipped.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Path.Contains(place, StringComparison.Ordinal));
    }

    private static (ModelCard? Card, IReadOnlyList<CardError> Errors) Read(string json)
    {
        var card = ModelCardReader.Read(Encoding.UTF8.GetBytes(json), "card.json", out var errors);
        return (card, card is null ? errors : ModelCardValidator.ValidateCard(card, "card.json", Name, MonitoringBand.Sections));
    }
}
