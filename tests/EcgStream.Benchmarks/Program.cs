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
