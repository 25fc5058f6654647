using System.Diagnostics;
using System.Text.Json;

namespace EcgStream.Benchmarks.Pipeline;

/// <summary>The figures of the pipeline's budgets, in seconds instead of minutes: good for a look, and for a gate with some room.</summary>
internal static class PipelineFigures
{
    public static void Print(int seconds)
    {
        const int repeats = 5;
        var device = new PipelineDevice();
        device.Start();
        for (var second = 0; second < 200; second++)
        {
            device.RunSecond();
        }

        // The best of some runs: other work on the machine only ever adds.
        var best = double.MaxValue;
        long allocated = 0;
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var second = 0; second < seconds; second++)
            {
                device.RunSecond();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / seconds);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            microsecondsPerSecondOfSignal = Math.Round(best, 1),
            percentOfOneCore = Math.Round(best / 1e4, 4),
            allocatedBytesPerSecondOfSignal = (double)allocated / seconds / repeats,
            windows = device.Windows,
            beats = device.Beats,
            bytesPerDevice = device.Start(),
        }));
    }
}
