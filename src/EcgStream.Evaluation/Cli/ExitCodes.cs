namespace EcgStream.Evaluation.Cli;

/// <summary>Exit codes of <c>ecgeval</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Everything was scored.</summary>
    public const int Done = 0;

    /// <summary>Done, but a record could not be scored.</summary>
    public const int Incomplete = 1;

    /// <summary>Wrong usage, or input that cannot be read.</summary>
    public const int BadInput = 2;
}
