using EcgStream.Inference.Cards;
using EcgStream.Inference.Sessions;

namespace EcgStream.Inference.Tests.Sessions;

public sealed class CalibrationTests
{
    /// <summary>On random logits (seeded), the temperature on probabilities equals the temperature on logits.</summary>
    [Theory]
    [InlineData(ScoreKind.Softmax)]
    [InlineData(ScoreKind.Sigmoid)]
    public void Apply_Temperature_IsThatOfTheLogits(ScoreKind kind)
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var logits = Enumerable.Range(0, 4).Select(_ => (random.NextDouble() * 10) - 5).ToArray();
            var temperature = 0.3 + (random.NextDouble() * 3);
            var row = Probabilities(logits, 1, kind);
            Calibration.Apply(row, 4, kind, new CardPostprocessing(temperature, null));
            var expected = Probabilities(logits, temperature, kind);
            for (var label = 0; label < 4; label++)
            {
                Assert.Equal(expected[label], row[label], 1e-4);
            }
        }
    }

    [Fact]
    public void Apply_TemperatureOne_ChangesNoBit()
    {
        float[] row = [0.1f, 0.9f];
        Calibration.Apply(row, 2, ScoreKind.Softmax, new CardPostprocessing(1, null));
        Assert.Equal([0.1f, 0.9f], row);
    }

    [Fact]
    public void Apply_Clip_BoundsEveryScoreButKeepsWhatIsNoNumber()
    {
        float[] row = [0, 1, 0.5f, float.NaN];
        Calibration.Apply(row, 4, ScoreKind.Sigmoid, new CardPostprocessing(1, (0.01, 0.99)));
        Assert.Equal([0.01f, 0.99f, 0.5f, float.NaN], row);
    }

    [Fact]
    public void Apply_CertainScores_StayFinite()
    {
        float[] softmax = [0, 1, 0];
        Calibration.Apply(softmax, 3, ScoreKind.Softmax, new CardPostprocessing(2, null));
        Assert.All(softmax, score => Assert.True(float.IsFinite(score)));
        float[] sigmoid = [0, 1];
        Calibration.Apply(sigmoid, 2, ScoreKind.Sigmoid, new CardPostprocessing(0.5, null));
        Assert.Equal([0f, 1f], sigmoid);
    }

    private static float[] Probabilities(double[] logits, double temperature, ScoreKind kind)
    {
        var tempered = logits.Select(logit => logit / temperature).ToArray();
        return kind == ScoreKind.Sigmoid
            ? [.. tempered.Select(logit => (float)(1 / (1 + Math.Exp(-logit))))]
            : [.. tempered.Select(logit => (float)(Math.Exp(logit) / tempered.Sum(Math.Exp)))];
    }
}
