namespace EcgStream.Daemon.Supervision;

/// <summary>
/// A stage whose loop the watchdog follows: it says why when it no longer gets on. Waiting for a disk, a server or a peer is no such reason, as a new start
/// would not help; those states have their own health and alarms. Any thread may ask.
/// </summary>
internal interface IStageProgress
{
    /// <summary>How long a loop that has something to do may take for one step of it: longer than a process is stopped or starved for on a busy machine.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>What is stuck and for how long, for people; null while the stage gets on, has nothing to do, or has not been started.</summary>
    string? DescribeStuck();
}
