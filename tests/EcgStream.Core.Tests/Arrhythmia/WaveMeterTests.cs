using EcgStream.Core.Signals;
using EcgStream.Core.Tests.Sessions;
using Stream = EcgStream.Core.Tests.Sessions.Stream;

namespace EcgStream.Core.Tests.Arrhythmia;

/// <summary>The wave judge in its place, behind filter and rings, on signals whose rhythm is known.</summary>
public sealed class WaveMeterTests
{
    private const int Rate = 500;
    private const int Seconds = 30;

    [Theory]
    [InlineData(4.5, 0.6, 0.35)]
    [InlineData(5.5, 0.8, 0.2)]
    [InlineData(3.6, 0.3, 0.5)]
    public void Fibrillation_NarrowbandWave_IsSeenWithinFiveSecondsAndStays(double hertz, double wander, double millivolts)
    {
        var stream = Make(10, (_, random) => Narrowband(hertz, wander, millivolts, random));
        var judged = Judge(stream);
        Assert.All(judged.Where(second => second.Time <= 10), second => Assert.True(second.Value < 0.3, $"sinus rhythm at {second.Time} s: {second.Value}"));
        var first = judged.First(second => second.Value >= 0.5).Time;
        Assert.InRange(first, 11, 15.1);
        Assert.True(judged.Count(second => second.Time > 15 && second.Value >= 0.5) >= 0.8 * (Seconds - 16));
    }

    [Theory]
    [InlineData("tachycardia 180")]
    [InlineData("tachycardia 220")]
    [InlineData("muscle noise")]
    [InlineData("mains")]
    [InlineData("flat")]
    [InlineData("motion")]
    public void Fibrillation_WhatIsNot_IsNotSeen(string kind)
    {
        var stream = kind.StartsWith("tachycardia", StringComparison.Ordinal)
            ? new Stream(LeadList.Of(Lead.II, Lead.V1), Rate, Seconds * Rate, 3, double.Parse(kind.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))
            : Make(10, (_, random) => kind switch
            {
                "muscle noise" => _ => 0.15 * Gauss(random),
                "mains" => time => 0.5 * Math.Sin(2 * Math.PI * 50 * time),
                "motion" => time => (2 * Math.Sin(2 * Math.PI * 0.7 * time)) + (0.02 * Gauss(random)),
                _ => _ => 0.005 * Gauss(random),
            });
        Assert.All(Judge(stream), second => Assert.True(second.Value < 0.5, $"{kind} at {second.Time} s: {second.Value}"));
    }

    [Fact]
    public void Wide_FastRegularWideWave_HasItsRate()
    {
        var stream = Make(10, (_, _) => time => Math.Sin(2 * Math.PI * 2.9 * time) + (0.3 * Math.Sin(2 * Math.PI * 5.8 * time)));
        var bench = new Bench();
        bench.Give(stream.Cut(() => 100));
        var last = bench.Sink.Status[^1].Waves;
        Assert.True(last.Wide > 0.8);
        Assert.InRange(last.RateBpm, 168, 180);
    }

    private static List<(double Time, float Value)> Judge(Stream stream)
    {
        var bench = new Bench();
        bench.Give(stream.Cut(() => 100));
        return [.. bench.Sink.Status
            .Select(status => status.Waves)
            .Where(waves => waves.EndUnixNs != 0)
            .DistinctBy(waves => waves.EndUnixNs)
            .Select(waves => ((waves.EndUnixNs - Stream.Start) * 1e-9, waves.Fibrillation))];
    }

    /// <summary>Sinus rhythm, from a second on something else in both leads.</summary>
    private static Stream Make(double from, Func<int, Random, Func<double, double>> wave)
    {
        var stream = new Stream(LeadList.Of(Lead.II, Lead.V1), Rate, Seconds * Rate, 3, 72);
        for (var lane = 0; lane < stream.Digital.Length; lane++)
        {
            var value = wave(lane, new Random(7));
            for (var n = (int)(from * Rate); n < stream.Length; n++)
            {
                stream.Digital[lane][n] = (short)Math.Clamp((value(n / (double)Rate) * 1000 / Stream.GainMicrovolts) + Stream.Baseline, short.MinValue, short.MaxValue);
            }
        }

        return stream;
    }

    /// <summary>A wave whose height and pace wander, as fibrillation's do.</summary>
    private static Func<double, double> Narrowband(double hertz, double wander, double millivolts, Random random)
    {
        double phase = 0, pace = 0, height = 0;
        return _ =>
        {
            pace += (-pace / (0.5 * Rate)) + (wander * Math.Sqrt(2 / (0.5 * Rate)) * Gauss(random));
            height += (-height / (0.7 * Rate)) + (0.3 * Math.Sqrt(2 / (0.7 * Rate)) * Gauss(random));
            phase += 2 * Math.PI * (hertz + pace) / Rate;
            return millivolts * (1 + height) * (Math.Sin(phase) + (0.2 * Math.Sin((2 * phase) + 1)));
        };
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
