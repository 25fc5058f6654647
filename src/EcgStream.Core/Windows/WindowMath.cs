using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EcgStream.Core.Windows;

/// <summary>The arithmetic of window steps on float32 samples, with float64 in between.</summary>
internal static class WindowMath
{
    public static void Scale(Span<float> samples, float factor)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var index = 0;
        var wide = Vector256.Create(factor);
        for (; index <= samples.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            (Vector256.LoadUnsafe(ref start, (nuint)index) * wide).StoreUnsafe(ref start, (nuint)index);
        }

        for (; index < samples.Length; index++)
        {
            samples[index] *= factor;
        }
    }

    public static void Clip(Span<float> samples, float min, float max)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var index = 0;
        var low = Vector256.Create(min);
        var high = Vector256.Create(max);
        for (; index <= samples.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            Vector256.Clamp(Vector256.LoadUnsafe(ref start, (nuint)index), low, high).StoreUnsafe(ref start, (nuint)index);
        }

        for (; index < samples.Length; index++)
        {
            samples[index] = Math.Clamp(samples[index], min, max);
        }
    }

    /// <summary>Brings the samples to a range; a flat piece to its low end.</summary>
    public static void MinMax(Span<float> samples, float low, float high)
    {
        float least = samples[0], most = samples[0];
        foreach (var sample in samples)
        {
            least = Math.Min(least, sample);
            most = Math.Max(most, sample);
        }

        var range = (double)most - least;
        foreach (ref var sample in samples)
        {
            sample = range > 0 ? (float)(low + (((double)sample - least) / range * ((double)high - low))) : low;
        }
    }

    /// <summary>(x − mean) / (population deviation + epsilon); all zeros where both are 0, as for a lead that is flat.</summary>
    public static void ZScore(Span<float> samples, double epsilon)
    {
        var mean = Sum(samples) / samples.Length;
        var scale = Math.Sqrt(SumOfSquares(samples, mean) / samples.Length) + epsilon;
        Normalize(samples, mean, scale == 0 ? 0 : 1 / scale);
    }

    private static double Sum(ReadOnlySpan<float> samples)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var index = 0;
        var first = Vector256<double>.Zero;
        var second = Vector256<double>.Zero;
        for (; index <= samples.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)index));
            first += low;
            second += high;
        }

        var sum = Vector256.Sum(first + second);
        for (; index < samples.Length; index++)
        {
            sum += samples[index];
        }

        return sum;
    }

    private static double SumOfSquares(ReadOnlySpan<float> samples, double mean)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var index = 0;
        var wide = Vector256.Create(mean);
        var first = Vector256<double>.Zero;
        var second = Vector256<double>.Zero;
        for (; index <= samples.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)index));
            low -= wide;
            high -= wide;
            first += low * low;
            second += high * high;
        }

        var sum = Vector256.Sum(first + second);
        for (; index < samples.Length; index++)
        {
            var deviation = samples[index] - mean;
            sum += deviation * deviation;
        }

        return sum;
    }

    private static void Normalize(Span<float> samples, double mean, double factor)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var index = 0;
        var wideMean = Vector256.Create(mean);
        var wideFactor = Vector256.Create(factor);
        for (; index <= samples.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)index));
            Vector256.Narrow((low - wideMean) * wideFactor, (high - wideMean) * wideFactor).StoreUnsafe(ref start, (nuint)index);
        }

        for (; index < samples.Length; index++)
        {
            samples[index] = (float)((samples[index] - mean) * factor);
        }
    }
}
