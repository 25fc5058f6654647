namespace EcgStream.Daemon.Check;

internal enum CheckStatus
{
    Ok,

    /// <summary>The daemon runs, but somebody should look at it.</summary>
    Warn,

    /// <summary>The daemon does not start, or a part of it does not work.</summary>
    Fail,
}
