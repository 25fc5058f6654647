namespace EcgStream.Simulator.Cli;

/// <summary>Exit codes of <c>ecgsim</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Everything was acknowledged and answered.</summary>
    public const int Done = 0;

    /// <summary>Something was lost, refused or not answered.</summary>
    public const int Lost = 1;

    /// <summary>Wrong usage, or input that cannot be read.</summary>
    public const int BadInput = 2;
}
