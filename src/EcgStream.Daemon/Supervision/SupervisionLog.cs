namespace EcgStream.Daemon.Supervision;

/// <summary>Event ids 3700 to 3799.</summary>
internal static partial class SupervisionLog
{
    [LoggerMessage(3700, LogLevel.Error, "Stage {Stage} failed; it is started again in {Delay}")]
    public static partial void StageFailed(ILogger log, Exception? reason, string stage, TimeSpan delay);

    [LoggerMessage(3701, LogLevel.Information, "Stage {Stage} works again")]
    public static partial void StageWorks(ILogger log, string stage);
}
