using System.Text.Json.Nodes;
using EcgStream.Inference.Sessions;
using EcgStream.Inference.Tests.Support;

namespace EcgStream.Inference.Tests.Sessions;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(0.7f, 0.3f, 0, false, 0.3f)]
    [InlineData(0.4f, 0.6f, 1, true, 0.6f)]
    public void Of_TwoLabels_IsTheMoreProbableAtOneHalf(float normal, float abnormal, int index, bool isAbnormal, float score) =>
        Assert.Equal(new Verdict(index, isAbnormal, score), Verdict.Of([normal, abnormal], CardText.Read(CardText.Card())));

    [Fact]
    public void Of_ThresholdOfTheCard_Decides()
    {
        var card = CardText.Card();
        card["thresholds"]!["abnormal"] = 0.2;
        Assert.Equal(new Verdict(1, true, 0.3f), Verdict.Of([0.7f, 0.3f], CardText.Read(card)));
    }

    [Fact]
    public void Of_SeveralAbnormalLabels_AddUpAndTheMostProbableOfThemIsPredicted()
    {
        var card = FourLabels("softmax");
        var verdict = Verdict.Of([0.4f, 0.35f, 0.2f, 0.05f], CardText.Read(card));
        Assert.Equal((1, true), (verdict.PredictedIndex, verdict.Abnormal));
        Assert.Equal(0.55f, verdict.AbnormalScore, 1e-6f);
        Assert.Equal(3, Verdict.Of([0.2f, 0.1f, 0.1f, 0.6f], CardText.Read(card)).PredictedIndex);
    }

    [Fact]
    public void Of_Sigmoid_TakesTheLargestOfTheAbnormal()
    {
        var card = FourLabels("sigmoid");
        Assert.Equal(new Verdict(2, true, 0.6f), Verdict.Of([0.9f, 0.55f, 0.6f, 0.1f], CardText.Read(card)));
        Assert.Equal(new Verdict(0, false, 0.4f), Verdict.Of([0.9f, 0.3f, 0.4f, 0.1f], CardText.Read(card)));
    }

    private static JsonObject FourLabels(string kind)
    {
        var card = CardText.Card();
        card["output"]!["kind"] = kind;
        card["output"]!["labels"] = new JsonArray(
            Label("normal", false), Label("af", true), Label("other", true), Label("noisy", false));
        return card;
    }

    private static JsonObject Label(string name, bool abnormal) =>
        new() { ["name"] = name, ["snomed"] = null, ["abnormal"] = abnormal, ["alarmPriority"] = null };
}
