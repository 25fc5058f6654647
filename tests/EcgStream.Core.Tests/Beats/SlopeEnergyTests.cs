using EcgStream.Core.Beats;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Beats;

/// <summary>The running sums against the same measures written out over the whole signal.</summary>
public sealed class SlopeEnergyTests
{
    private const int Samples = 900;
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    [InlineData(4, 12)]
    public void Measures_OfARandomSignal_AreThoseWrittenOut(int seed, int leads)
    {
        var random = new Random(seed);
        var signal = Walk(random, leads);
        var weights = Enumerable.Range(0, leads).Select(_ => random.NextDouble()).ToArray();
        var energy = new SlopeEnergy(leads);
        var naive = new Naive(signal, weights);
        Run(energy, Walk(random, leads), weights, (_, _) => { });
        energy.Reset();
        var lanes = new double[leads];

        Run(energy, signal, weights, (now, feature) =>
        {
            Assert.Equal(naive.Feature(now), feature, Tolerance);
            var at = Math.Max(0, now - random.Next(SlopeEnergy.Reach));
            energy.At(at, lanes);
            Assert.All(lanes, (value, lane) => Assert.Equal(naive.Moved(lane, at - 39, at) / 400, value, Tolerance));
            energy.StepsAt(at, lanes);
            Assert.All(lanes, (value, lane) => Assert.Equal(naive.Step(lane, Math.Min(now, at + 25)), value, Tolerance));
            energy.MovementAt(at, lanes);
            Assert.All(lanes, (value, lane) => Assert.Equal(naive.Moved(lane, Math.Min(now, at + 45) - 149, Math.Min(now, at + 45)) / 100, value, Tolerance));
            Assert.Equal(naive.Sharpness(at, now), energy.SharpnessAt(at), Tolerance * 100);
        });
    }

    private static double[][] Walk(Random random, int leads)
    {
        var at = new double[leads];
        return [.. Enumerable.Range(0, Samples).Select(_ => (double[])[.. at.Select((_, lane) => at[lane] = (0.98 * at[lane]) + (0.1 * (random.NextDouble() - 0.5)))])];
    }

    private static void Run(SlopeEnergy energy, double[][] signal, double[] weights, Action<int, double> check)
    {
        var stride = LaneMath.Stride(weights.Length);
        var (frame, shares) = (new double[stride], new double[stride]);
        weights.CopyTo(shares, 0);
        for (var now = 0; now < signal.Length; now++)
        {
            signal[now].CopyTo(frame, 0);
            check(now, energy.Next(frame, shares));
        }
    }

    private sealed class Naive(double[][] signal, double[] weights)
    {
        public double Feature(int now) => weights.Select((weight, lane) => weight * Moved(lane, now - 39, now) / 400).Sum();

        public double Moved(int lane, int from, int to) => Range(from, to).Sum(sample => Math.Abs(Slope(lane, sample)));

        public double Step(int lane, int last)
        {
            var moved = Moved(lane, last - 89, last);
            return moved > 0 ? Math.Abs(Range(last - 89, last).Sum(sample => Slope(lane, sample))) / moved : 0;
        }

        public double Sharpness(int at, int now)
        {
            var last = Math.Min(now, at + 10);
            var moved = weights.Select((weight, lane) => weight * Moved(lane, last - 59, last) / 10).Sum();
            return moved > 0 ? (Sharp(Math.Min(now, at + 4)) - Sharp(Math.Min(now, at + 4 - 60))) / moved : 0;
        }

        private static IEnumerable<int> Range(int from, int to) => Enumerable.Range(from, to - from + 1).Where(sample => sample >= 0);

        private double Sharp(int last) => Range(last - 59, last).Sum(sample =>
            weights.Select((weight, lane) => weight * Math.Abs(At(lane, sample) - (2 * At(lane, sample - 4)) + At(lane, sample - 8))).Sum());

        private double Slope(int lane, int sample) =>
            Enumerable.Range(0, 10).Sum(back => At(lane, sample - back) - At(lane, sample - 10 - back));

        private double At(int lane, int sample) => sample < 0 ? 0 : signal[sample][lane];
    }
}
