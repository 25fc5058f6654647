<<<<<<< HEAD
using BenchmarkDotNet.Running;
using EcgStream.Benchmarks.Pipeline;

// "pipeline [SECONDS]" prints the figures of the budget as JSON in a few seconds; anything else goes to BenchmarkDotNet.
if (args is ["pipeline", ..])
{
    PipelineFigures.Print(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 2000);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
=======
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EcgStream.Benchmarks.Batching;

// `plain NAME [rounds]` prints one line of JSON beside its budget and exits with 1 beyond it; anything else goes to BenchmarkDotNet.
if (args is ["plain", "batcher", .. var rest])
{
    return await BatcherOverhead.RunAsync(rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 15);
}

var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
>>>>>>> packages
