using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Signals;

public sealed class StreamResamplerTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(128)]
    [InlineData(250)]
    [InlineData(257)]
    [InlineData(300)]
    [InlineData(360)]
    [InlineData(400)]
    [InlineData(500.3)]
    [InlineData(511.7)]
    [InlineData(977)]
    [InlineData(1000)]
    public void Push_SineOf8Hz_ComesOutAtTheSameTimes(double rate)
    {
        var count = (int)(rate * 4);
        var output = Run(rate, [.. Enumerable.Range(0, count).Select(n => Math.Sin(2 * Math.PI * 8 * n / rate))], 32);

        Assert.InRange(output.Length, 1999, 2001);
        // The signal does not stay as it is at the ends, as the resampler takes it to do.
        for (var n = 100; n < 1900; n++)
        {
            Assert.Equal(Math.Sin(2 * Math.PI * 8 * n / 500), output[n], 2e-3);
        }
    }

    [Theory]
    [InlineData(250)]
    [InlineData(360)]
    [InlineData(1000)]
    public void Push_AnySplit_EqualsNaiveConvolution(double rate)
    {
        var random = new Random(3);
        double[] signal = [.. Enumerable.Range(0, 900).Select(_ => random.NextDouble() + 300)];
        var ratio = ResampleRatio.For(rate);
        var table = PolyphaseTable.For(in ratio);
        var output = Run(rate, signal, 1 + random.Next(100));

        Assert.Equal((int)Math.Ceiling(900.0 * ratio.Denominator / ratio.Step), output.Length);
        for (var k = 0; k < output.Length; k++)
        {
            var at = k * ratio.Step;
            var taps = table.Of(ratio.Phase(at % ratio.Denominator));
            var sum = 0.0;
            for (var tap = 0; tap < taps.Length; tap++)
            {
                sum += taps[tap] * signal[Math.Clamp((at / ratio.Denominator) + tap - 11, 0, signal.Length - 1)];
            }

            Assert.Equal(sum, output[k], 1e-9);
        }
    }

    [Fact]
    public void Push_Constant_StaysConstant()
    {
        foreach (var sample in Run(360, [.. Enumerable.Repeat(287.5, 500)], 90))
        {
            Assert.Equal(287.5, sample, 1e-9);
        }
    }

    [Fact]
    public void Push_Tone_BehindHalfOfTheOutputRate_IsSuppressed()
    {
        var output = Run(1000, [.. Enumerable.Range(0, 4000).Select(n => Math.Sin(2 * Math.PI * 480 * n / 1000))], 128);

        Assert.True(output[100..^100].Max(Math.Abs) < 2e-3);
    }

    [Fact]
    public void Push_500Hz_IsACopyWithoutDelay()
    {
        double[] signal = [1, 2, 3, 4, 5];

        Assert.Equal(signal, Run(500, signal, 2));
        Assert.Equal(0, new StreamResampler(500, 1, 10).DelaySamples);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(360)]
    [InlineData(999)]
    [InlineData(500.3)]
    [InlineData(128.0001)]
    public void OutputPerInput_AnyRate_IsTheRatio(double rate) => Assert.Equal(500 / rate, new StreamResampler(rate, 1, 10).OutputPerInput, 1e-9);

    private static double[] Run(double rate, double[] signal, int split)
    {
        var resampler = new StreamResampler(rate, 1, 128);
        var output = new List<double>();
        var made = new double[resampler.MaxOutput(128) * resampler.Stride];
        for (var first = 0; first < signal.Length; first += split)
        {
            var piece = signal.AsSpan(first, Math.Min(split, signal.Length - first));
            var frames = new double[piece.Length * resampler.Stride];
            for (var n = 0; n < piece.Length; n++)
            {
                frames[n * resampler.Stride] = piece[n];
            }

            Take(resampler.Push(frames, made));
        }

        Take(resampler.Flush(made));
        return [.. output];

        void Take(int count)
        {
            for (var n = 0; n < count; n++)
            {
                output.Add(made[n * resampler.Stride]);
            }
        }
    }
}
