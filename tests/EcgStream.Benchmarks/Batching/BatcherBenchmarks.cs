using BenchmarkDotNet.Attributes;

namespace EcgStream.Benchmarks.Batching;

/// <summary>The same two under BenchmarkDotNet, with allocations.</summary>
[MemoryDiagnoser]
public class BatcherBenchmarks : IDisposable
{
    private const int Batches = 4;
    private readonly BatcherBench _bench = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = Batches * BatcherBench.Batch)]
    public void BareSession() => _bench.RunBare(Batches, BatcherBench.Batch);

    [Benchmark(OperationsPerInvoke = Batches * BatcherBench.Batch)]
    public async Task Batcher()
    {
        var (batcher, sink) = _bench.Fill(Batches * BatcherBench.Batch, TimeSpan.Zero);
        await using var owner = batcher;
        batcher.Start();
        sink.Wait();
    }

    public void Dispose()
    {
        _bench.Dispose();
        GC.SuppressFinalize(this);
    }
}
