using EcgStream.Core.Signals;
using EcgStream.Core.Windows;

namespace EcgStream.Core.Tests.Windows;

public sealed class WindowPreparerTests
{
    public static TheoryData<int, WindowStep[]> Steps => new()
    {
        { 997, [] },
        { 250, [new WindowStep.Decimate(4, 0)] },
        { 249, [new WindowStep.Decimate(4, 3)] },
        { 332, [new WindowStep.Decimate(3, 1), new WindowStep.ZScore(ZScoreAxis.Lead, 1e-6)] },
        { 997, [new WindowStep.ZScore(ZScoreAxis.Record, 1e-3), new WindowStep.Clip(-1.5f, 2)] },
        { 499, [new WindowStep.ZScore(ZScoreAxis.Lead, 0), new WindowStep.Decimate(2, 0), new WindowStep.Scale(3), new WindowStep.Decimate(1, 0)] },
        { 498, [new WindowStep.Scale(0.5f), new WindowStep.Decimate(2, 1), new WindowStep.Clip(-0.1f, 0.1f)] },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Prepare_AnySteps_EqualsNaiveArithmetic(int outputSamples, WindowStep[] steps)
    {
        var layout = new LeadLayout(LeadList.Of(Lead.I, Lead.II, Lead.V1));
        var rings = new SampleRings(layout, 1200);
        var random = new Random(8);
        var signal = Enumerable.Range(0, 3).Select(_ => new List<double>()).ToArray();
        while (signal[0].Count < 3000)
        {
            var frames = new double[random.Next(1, 300) * 4];
            for (var n = 0; n < frames.Length; n += 4)
            {
                for (var lane = 0; lane < 3; lane++)
                {
                    frames[n + lane] = (lane * 0.7) + random.NextDouble();
                    signal[lane].Add(frames[n + lane]);
                }
            }

            rings.Append(frames);
        }

        var preparer = new WindowPreparer(new WindowRecipe("m", [Lead.V1, Lead.AVF], 997, steps, outputSamples));
        var input = new float[2 * outputSamples];
        preparer.Prepare(rings, [layout.RowOf(Lead.V1), layout.RowOf(Lead.AVF)], input);

        double[][] rows = [[.. signal[2].TakeLast(997)], [.. signal[1].Zip(signal[0], (two, one) => two - (one / 2)).TakeLast(997)]];
        foreach (var step in steps)
        {
            rows = Apply(rows, step);
        }

        double[] expected = [.. rows[0], .. rows[1]];
        Assert.Equal(expected.Length, input.Length);
        for (var n = 0; n < expected.Length; n++)
        {
            Assert.Equal(expected[n], input[n], 2e-6);
        }
    }

    [Fact]
    public void Prepare_FlatLeadWithoutEpsilon_IsZeroNotNaN()
    {
        var layout = new LeadLayout(LeadList.Of(Lead.II));
        var rings = new SampleRings(layout, 100);
        rings.Append(new double[400]);
        var input = new float[100];
        new WindowPreparer(new WindowRecipe("m", [Lead.II], 100, [new WindowStep.ZScore(ZScoreAxis.Lead, 0)], 100)).Prepare(rings, [0], input);

        Assert.All(input, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Constructor_StepsThatDoNotFit_NameTheModel()
    {
        Assert.Contains("m", Throws(100, 99), StringComparison.Ordinal);
        Throws(100, 100, new WindowStep.Decimate(2, 0));
        Throws(100, 100, new WindowStep.Decimate(0, 0));
        Throws(100, 0, new WindowStep.Decimate(1, 100));
        Throws(100, 100, new WindowStep.Scale(float.NaN));
        Throws(100, 100, new WindowStep.ZScore(ZScoreAxis.Lead, -1));
        Throws(100, 100, new WindowStep.Clip(1, 1));
    }

    private static string Throws(int source, int output, params WindowStep[] steps) =>
        Assert.Throws<ArgumentException>(() => new WindowPreparer(new WindowRecipe("m", [Lead.II], source, steps, output))).Message;

    private static double[][] Apply(double[][] rows, WindowStep step) => step switch
    {
        WindowStep.Decimate decimate => [.. rows.Select(row => row.Where((_, n) => n >= decimate.Offset && (n - decimate.Offset) % decimate.Factor == 0).ToArray())],
        WindowStep.Scale scale => [.. rows.Select(row => row.Select(x => x * scale.Factor).ToArray())],
        WindowStep.Clip clip => [.. rows.Select(row => row.Select(x => Math.Clamp(x, clip.Min, clip.Max)).ToArray())],
        WindowStep.ZScore { Axis: ZScoreAxis.Lead } z => [.. rows.Select(row => Normalize(row, row, z.Epsilon))],
        WindowStep.ZScore z => [.. rows.Select(row => Normalize(row, [.. rows.SelectMany(all => all)], z.Epsilon))],
        _ => throw new NotSupportedException(),
    };

    private static double[] Normalize(double[] row, double[] over, double epsilon)
    {
        var mean = over.Average();
        var deviation = Math.Sqrt(over.Average(x => (x - mean) * (x - mean)));
        return [.. row.Select(x => (x - mean) / (deviation + epsilon))];
    }
}
