namespace EcgStream.Daemon.Alarms;

/// <summary>Event ids 2000 to 2099. No line names a device: the alarm id leads to it for whoever may read the journal.</summary>
internal static partial class AlarmLog
{
    [LoggerMessage(2000, LogLevel.Information, "Alarms start at cursor {Cursor} with {Open} open alarms of {Devices} devices")]
    public static partial void Started(ILogger logger, ulong cursor, int open, int devices);

    [LoggerMessage(2001, LogLevel.Warning, "Alarm {AlarmId} has condition {Condition}, which this version does not know; it stays as it is stored")]
    public static partial void UnknownCondition(ILogger logger, string alarmId, int condition);

    [LoggerMessage(2002, LogLevel.Information, "Alarm {AlarmId} {Condition} {Transition}, {Priority}")]
    public static partial void Published(ILogger logger, string alarmId, string condition, string transition, Core.Alarms.AlarmPriority priority);

    [LoggerMessage(2003, LogLevel.Critical, "The alarm journal cannot be written (try {Attempt}); {Waiting} transitions wait to be stored, all are published")]
    public static partial void JournalFailed(ILogger logger, Exception reason, int waiting, int attempt);

    [LoggerMessage(2004, LogLevel.Information, "The alarm journal is written again after {Attempts} failed attempts")]
    public static partial void JournalRecovered(ILogger logger, int attempts);

    [LoggerMessage(2005, LogLevel.Critical, "No room for transitions: {Capacity} wait for the alarm journal; devices are not judged until there is")]
    public static partial void QueueFull(ILogger logger, int capacity);

    [LoggerMessage(2006, LogLevel.Error, "Stopped with {Waiting} transitions that were published but could not be stored within {Limit}")]
    public static partial void DrainIncomplete(ILogger logger, int waiting, TimeSpan limit);

    [LoggerMessage(2007, LogLevel.Information, "Alarm {AlarmId} {Condition} acknowledged")]
    public static partial void Acknowledged(ILogger logger, string alarmId, string condition);

    [LoggerMessage(2008, LogLevel.Warning, "Acknowledgement refused, {Status}")]
    public static partial void AcknowledgeRefused(ILogger logger, AcknowledgeStatus status);

    [LoggerMessage(2009, LogLevel.Warning, "Alarm publisher {Publisher} failed; the same transition is tried again in {Delay}")]
    public static partial void PublisherFailed(ILogger logger, Exception? reason, string publisher, TimeSpan delay);

    [LoggerMessage(2010, LogLevel.Information, "Alarm publisher {Publisher} works again")]
    public static partial void PublisherRecovered(ILogger logger, string publisher);

    [LoggerMessage(2011, LogLevel.Error, "A device's alarm rules failed on a tick; that is a defect, the other devices go on")]
    public static partial void TickFaulted(ILogger logger, Exception reason);

    [LoggerMessage(2012, LogLevel.Error, "Reading the alarm journal for a publisher failed; tried again in {Delay}")]
    public static partial void FeedFaulted(ILogger logger, Exception reason, TimeSpan delay);

    [LoggerMessage(2013, LogLevel.Error, "Alarm {AlarmId} is stored but showing it failed; that is a defect, a subscriber that resumes gets it from the store")]
    public static partial void PublishFaulted(ILogger logger, Exception reason, string alarmId);

    [LoggerMessage(2014, LogLevel.Error, "{Count} published transitions will never be stored: more than {Limit} wait for the alarm journal")]
    public static partial void GivenUp(ILogger logger, int count, int limit);

    [LoggerMessage(
        2018, LogLevel.Warning,
        "Alarms of the {Count} devices that are silent longest are cleared unseen: {Limit} such devices are kept")]
    public static partial void ForgottenLetGo(ILogger logger, int count, int limit);

    [LoggerMessage(
        2015, LogLevel.Error,
        "Alarm publisher {Publisher} refuses alarm {AlarmId}, cursor {Cursor}, at try {Tries}; it is kept: {Reason}")]
    public static partial void PublisherParked(
        ILogger logger, string publisher, string alarmId, ulong cursor, int tries, string reason);

    [LoggerMessage(
        2016, LogLevel.Error, "What alarm publisher {Publisher} refuses cannot be kept; it is tried again")]
    public static partial void ParkFailed(ILogger logger, Exception reason, string publisher);

    [LoggerMessage(
        2017, LogLevel.Error,
        "The cursor of alarm publisher {Publisher} cannot be read or written; after a crash it may get alarms twice")]
    public static partial void PublisherCursorFailed(ILogger logger, Exception reason, string publisher);
}
