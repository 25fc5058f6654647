using BenchmarkDotNet.Running;
using EcgStream.Benchmarks.Pipeline;

// "pipeline [SECONDS]" prints the figures of the budget as JSON in a few seconds; anything else goes to BenchmarkDotNet.
if (args is ["pipeline", ..])
{
    PipelineFigures.Print(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 2000);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
