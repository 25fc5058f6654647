using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EcgStream.Benchmarks.Batching;
using EcgStream.Benchmarks.Ensembles;
using EcgStream.Benchmarks.Pipeline;
using EcgStream.Inference;

// "plain NAME [n]", and "plain batcher n cuda", prints one line of JSON with the figures of a budget in a few seconds; anything else goes to BenchmarkDotNet.
switch (args)
{
    case ["plain", "pipeline", .. var seconds]:
        return PipelineFigures.Run(seconds is [var many] ? int.Parse(many, CultureInfo.InvariantCulture) : 2000);
    case ["plain", "batcher", .. var rounds]:
        return await BatcherOverhead.RunAsync(
            rounds is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 15, rounds is [_, "cuda"] ? InferenceDevice.Cuda : InferenceDevice.Cpu);
    case ["plain", "ensemble", .. var rounds]:
        return EnsembleOverhead.Run(rounds is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 40);
}

var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
