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

    [Theory]
    [InlineData(0.9f, 0.45f, 0.6f, 0.1f, 1, true, 0.45f)] // af over its own 0.4 stands before "other" of a lower priority
    [InlineData(0.9f, 0.3f, 0.6f, 0.1f, 2, true, 0.6f)]
    [InlineData(0.9f, 0.4f, 0.1f, 0.1f, 1, true, 0.4f)] // reached counts
    [InlineData(0.2f, 0.39f, 0.49f, 0.6f, 3, false, 0.49f)]
    public void Of_SigmoidWithThresholds_TheMostSevereOfThoseFoundIsPredicted(float normal, float af, float other, float noisy, int index, bool abnormal, float score)
    {
        var card = FourLabels("sigmoid");
        card["thresholds"]!["labels"] = new JsonObject { ["af"] = 0.4 };
        card["output"]!["labels"]![2]!["alarmPriority"] = "none";
        var read = CardText.Read(card);
        Assert.Equal(new Verdict(index, abnormal, score), Verdict.Of([normal, af, other, noisy], read));
        Assert.Equal([true, true, false, true], EcgStream.Inference.Cards.ModelCardMapping.ToIdentity(read).Labels.Select(label => label.RaisesAlarm));
    }

    /// <summary>Seeded random scores, thresholds and priorities against the rule as it is told.</summary>
    [Fact]
    public void Of_RandomSigmoids_EqualsTheNaiveRule()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        string?[] priorities = [null, "none", "low", "medium", "high"];
        string?[] bySeverity = ["none", "low", "medium", "high"];
        for (var round = 0; round < 300; round++)
        {
            var json = FourLabels("sigmoid");
            var own = new JsonObject();
            json["thresholds"]!["labels"] = own;
            for (var label = 0; label < 4; label++)
            {
                var abnormal = label > 0 && random.Next(3) > 0;
                json["output"]!["labels"]![label]!["abnormal"] = abnormal;
                json["output"]!["labels"]![label]!["alarmPriority"] = abnormal ? priorities[random.Next(priorities.Length)] : null;
                if (random.Next(2) == 0)
                {
                    own[(string)json["output"]!["labels"]![label]!["name"]!] = random.Next(1, 10) / 10.0;
                }
            }

            var card = CardText.Read(json);
            float[] scores = [.. Enumerable.Range(0, 4).Select(_ => random.Next(0, 21) / 20f)];
            var labels = card.Output.Labels.Select((label, index) => (label, index, score: scores[index], threshold: card.LabelThresholds.TryGetValue(label.Name, out var t) ? t : 0.5)).ToList();
            var found = labels.Where(item => item.label.Abnormal && item.score >= item.threshold)
                .OrderByDescending(item => Array.IndexOf(bySeverity, item.label.AlarmPriority ?? "medium")).ThenByDescending(item => item.score).ThenBy(item => item.index).ToList();
            var normal = labels.Where(item => !item.label.Abnormal).OrderByDescending(item => item.score).ThenBy(item => item.index).First();
            var expected = found.Count > 0
                ? new Verdict(found[0].index, true, found[0].score)
                : new Verdict(normal.index, false, labels.Where(item => item.label.Abnormal).Select(item => item.score).DefaultIfEmpty(0).Max());
            Assert.True(expected == Verdict.Of(scores, card), $"seed {Seed}, round {round}: {Verdict.Of(scores, card)}, expected {expected}");
        }
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
