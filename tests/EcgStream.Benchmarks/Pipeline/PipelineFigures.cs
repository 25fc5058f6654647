using System.Diagnostics;
using System.Text.Json;

namespace EcgStream.Benchmarks.Pipeline;

/// <summary>The figures of the pipeline's budgets in seconds instead of minutes, and whether they are kept.</summary>
internal static class PipelineFigures
{
    /// <returns>0 within the budgets, 1 beyond one.</returns>
    public static int Run(int seconds)
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

        var percent = best / 1e4;
        var allocatedPerSecond = (double)allocated / seconds / repeats;
        var bytes = device.Start();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = "pipeline",
            microsecondsPerSecondOfSignal = Math.Round(best, 1),
            percentOfOneCore = Math.Round(percent, 4),
            percentOfOneCoreBudget = Budgets.Of("pipeline.percentOfOneCore"),
            allocatedBytesPerSecondOfSignal = Math.Round(allocatedPerSecond, 4),
            bytesPerDevice = bytes,
            bytesPerDeviceBudget = Budgets.Of("pipeline.bytesPerDevice"),
            windows = device.Windows,
            beats = device.Beats,
        }));

        // A byte a second is room for what the runtime itself allocates on the thread once in a while; per sample it is none.
        return percent <= Budgets.Of("pipeline.percentOfOneCore")
            && bytes <= Budgets.Of("pipeline.bytesPerDevice")
            && allocatedPerSecond <= Budgets.Of("pipeline.allocatedBytesPerSecondOfSignal") ? 0 : 1;
    }
}
