using System.Diagnostics;
using System.Text.Json;
using EcgStream.Inference;

namespace EcgStream.Benchmarks.Batching;

/// <summary>
/// What the batcher costs over a bare session.Run of the same batches. The two take turns, and the median of the ratios counts, so that whatever
/// else the machine does meets both.
/// </summary>
internal static class BatcherOverhead
{
    private const int Batches = 8;
    private const int Singles = 40;

    public static async Task<int> RunAsync(int rounds, InferenceDevice device)
    {
        using var bench = new BatcherBench(device);
        bench.RunBare(2, BatcherBench.Batch);
        var (bare, batched, ratios, cpuRatios) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            // A, B, then B, A: a drift of the machine weighs on both alike.
            var bareFirst = round % 2 == 0;
            var first = bareFirst ? Bare(bench) : await BatchedAsync(bench);
            var second = bareFirst ? await BatchedAsync(bench) : Bare(bench);
            var (bareTime, batchedTime) = bareFirst ? (first, second) : (second, first);
            bare.Add(bareTime.Wall);
            batched.Add(batchedTime.Wall);
            ratios.Add(batchedTime.Wall / bareTime.Wall);
            cpuRatios.Add(batchedTime.Cpu / bareTime.Cpu);
        }

        const double Windows = Batches * BatcherBench.Batch;
        var latency = await LatencyOverheadMsAsync(bench);
        var report = new
        {
            benchmark = "batcher",
            device = device.ToString(),
            rounds,
            batch = BatcherBench.Batch,
            bareWindowsPerSecond = Math.Round(Windows / Median(bare), 1),
            batcherWindowsPerSecond = Math.Round(Windows / Median(batched), 1),
            throughputLossPercent = Math.Round(100 * (1 - (1 / Median(ratios))), 2),
            throughputLossBudgetPercent = Budgets.Of("batcher.throughputLossPercent"),
            processorTimePercent = Math.Round(100 * (Median(cpuRatios) - 1), 2),
            latencyOverheadMs = Math.Round(latency, 3),
            latencyOverheadBudgetMs = Budgets.Of("batcher.latencyOverheadMs"),
        };
        Console.WriteLine(JsonSerializer.Serialize(report));
        return report.throughputLossPercent <= report.throughputLossBudgetPercent && report.latencyOverheadMs <= report.latencyOverheadBudgetMs ? 0 : 1;
    }

    private static (double Wall, double Cpu) Bare(BatcherBench bench)
    {
        var timer = Timer.Start();
        bench.RunBare(Batches, BatcherBench.Batch);
        return timer.Elapsed;
    }

    private static async Task<(double Wall, double Cpu)> BatchedAsync(BatcherBench bench)
    {
        var (batcher, sink) = bench.Fill(Batches * BatcherBench.Batch, TimeSpan.Zero);
        await using var owner = batcher;
        var timer = Timer.Start();
        batcher.Start();
        sink.Wait();
        return timer.Elapsed;
    }

    /// <summary>One window at a time, no delay configured: from giving it to its result, less a bare run of one.</summary>
    private static async Task<double> LatencyOverheadMsAsync(BatcherBench bench)
    {
        var (batcher, sink) = bench.Fill(0, TimeSpan.Zero);
        await using var owner = batcher;
        batcher.Start();
        var differences = new List<double>();
        for (var index = 0; index < Singles; index++)
        {
            var started = Stopwatch.GetTimestamp();
            bench.RunBare(1, 1);
            var bare = Stopwatch.GetElapsedTime(started);
            sink.Expect(1);
            started = Stopwatch.GetTimestamp();
            BatcherBench.Enqueue(batcher, index);
            sink.Wait();
            differences.Add((Stopwatch.GetElapsedTime(started) - bare).TotalMilliseconds);
        }

        return Median(differences);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>Wall time, and the processor time of the process, which a busy machine does not stretch.</summary>
    private readonly record struct Timer(long Started, TimeSpan Cpu)
    {
        public (double Wall, double Cpu) Elapsed => (Stopwatch.GetElapsedTime(Started).TotalSeconds, (Environment.CpuUsage.TotalTime - Cpu).TotalSeconds);

        public static Timer Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
    }
}
