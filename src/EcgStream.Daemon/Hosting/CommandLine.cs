namespace EcgStream.Daemon.Hosting;

/// <summary>How settings are written on the command line.</summary>
internal static class CommandLine
{
    /// <summary>The first argument that is no setting; null when all are.</summary>
    public static string? Odd(IEnumerable<string> args) =>
        args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal) || !arg.Contains('=', StringComparison.Ordinal));
}
