using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Signals;

public sealed class SosFilterTests
{
    // python3 -c "import numpy as np; from scipy import signal as s; n=np.arange(12); x=np.where(n>=3,1.0,0.25)+0.1*np.sin(0.7*n);
    //   sos=np.vstack([s.butter(2,.5,'highpass',fs=500,output='sos'),s.butter(4,40,fs=500,output='sos')]); print(s.sosfilt(sos,x,zi=s.sosfilt_zi(sos)*x[0])[0].tolist())"
    private static readonly double[] Golden =
    [
        -1.59511959241762e-15, 0.00014333742788334646, 0.001177289013981, 0.006348534509547572,
        0.024954697282218982, 0.07121440192152086, 0.15443378168446792, 0.2701505931153665,
        0.4014422818098284, 0.5271973231283895, 0.6305049686055103, 0.7033265882702946,
    ];

    [Fact]
    public void Process_MonitoringBand_EqualsScipy()
    {
        var filter = new SosFilter(MonitoringBand.Sections, 1);
        var frames = new double[Golden.Length * filter.Stride];
        for (var n = 0; n < Golden.Length; n++)
        {
            frames[n * filter.Stride] = (n >= 3 ? 1 : 0.25) + (0.1 * Math.Sin(0.7 * n));
        }

        filter.Process(frames);

        for (var n = 0; n < Golden.Length; n++)
        {
            Assert.Equal(Golden[n], frames[n * filter.Stride], 1e-12);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(16)]
    public void Process_AnySplit_EqualsNaiveLoop(int leads)
    {
        const int seed = 7;
        var random = new Random(seed);
        const int count = 3000;
        var signal = new double[leads][];
        for (var lead = 0; lead < leads; lead++)
        {
            signal[lead] = [.. Enumerable.Range(0, count).Select(n => 300 + (2 * Math.Sin(n * 0.05 * (lead + 1))) + random.NextDouble())];
        }

        var filter = new SosFilter(MonitoringBand.Sections, leads);
        var frames = new double[count * filter.Stride];
        for (var n = 0; n < count; n++)
        {
            for (var lead = 0; lead < leads; lead++)
            {
                frames[(n * filter.Stride) + lead] = signal[lead][n];
            }
        }

        var rest = frames.AsSpan();
        while (!rest.IsEmpty)
        {
            var take = Math.Min(random.Next(1, 200) * filter.Stride, rest.Length);
            filter.Process(rest[..take]);
            rest = rest[take..];
        }

        for (var lead = 0; lead < leads; lead++)
        {
            var expected = NaiveFilter.Run(signal[lead]);
            for (var n = 0; n < count; n++)
            {
                Assert.Equal(expected[n], frames[(n * filter.Stride) + lead], 1e-9);
            }
        }
    }

    [Fact]
    public void Process_ConstantForHours_EndsInZerosNotDenormals()
    {
        var filter = new SosFilter(MonitoringBand.Sections, 1);
        var frames = new double[500 * filter.Stride];
        frames[0] = 1;
        for (var second = 0; second < 600; second++)
        {
            filter.Process(frames);
            Assert.DoesNotContain(frames, double.IsSubnormal);
            Assert.True(second < 300 || frames.All(sample => sample == 0));
            Array.Clear(frames);
        }
    }

    [Fact]
    public void Reset_NewFirstSample_StartsInItsSteadyState()
    {
        var filter = new SosFilter(MonitoringBand.Sections, 1);
        var frames = new double[10 * filter.Stride];
        frames.AsSpan().Fill(5);
        filter.Process(frames);
        filter.Reset();
        frames.AsSpan().Fill(-300);
        filter.Process(frames);

        Assert.All(frames, sample => Assert.Equal(0, sample, 1e-9));
    }
}
