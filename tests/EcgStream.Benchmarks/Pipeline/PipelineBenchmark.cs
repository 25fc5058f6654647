using BenchmarkDotNet.Attributes;

namespace EcgStream.Benchmarks.Pipeline;

/// <summary>Decode, filter, detect, window and normalize one second of a 12-lead device. Budget: 300 µs, 0 bytes.</summary>
[MemoryDiagnoser]
public class PipelineBenchmark
{
    private readonly PipelineDevice _device = new();

    [GlobalSetup]
    public void Start() => _device.Start();

    [Benchmark]
    public void OneSecondOfTwelveLeads() => _device.RunSecond();
}
