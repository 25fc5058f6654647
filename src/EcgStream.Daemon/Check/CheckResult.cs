namespace EcgStream.Daemon.Check;

/// <summary>One line of a check.</summary>
/// <param name="Subject">What was looked at: settings, disk, ports, models, gpu, broker, influxdb.</param>
/// <param name="Text">What was found; where it is not well, it names key and value and says what to do.</param>
internal sealed record CheckResult(string Subject, CheckStatus Status, string Text)
{
    public static CheckResult Ok(string subject, string text) => new(subject, CheckStatus.Ok, text);

    public static CheckResult Warn(string subject, string text) => new(subject, CheckStatus.Warn, text);

    public static CheckResult Fail(string subject, string text) => new(subject, CheckStatus.Fail, text);
}
