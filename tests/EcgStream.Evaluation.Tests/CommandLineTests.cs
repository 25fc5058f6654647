using EcgStream.Evaluation.Cli;

namespace EcgStream.Evaluation.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Run_UnknownCommand_SaysSoAndEndsWithTwo()
    {
        using var error = new StringWriter();
        var context = new EvalContext(TextWriter.Null, error, Interactive: false, TimeProvider.System);

        var exit = await EcgEvalApp.RunAsync(["no-such-command"], context, CancellationToken.None);

        Assert.Equal(ExitCodes.BadInput, exit);
        Assert.Contains("no-such-command", error.ToString(), StringComparison.Ordinal);
    }
}
