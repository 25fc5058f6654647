namespace EcgStream.Faults.Books;

/// <summary>One kind of thing that must be there exactly once.</summary>
internal readonly record struct Count(long Expected, long Missing, long Doubled)
{
    public static Count operator +(Count a, Count b) => new(a.Expected + b.Expected, a.Missing + b.Missing, a.Doubled + b.Doubled);

    public bool IsBalanced => Missing == 0 && Doubled == 0;

    public override string ToString() => IsBalanced ? $"{Expected}" : $"{Expected}: {Missing} missing, {Doubled} doubled";
}

/// <summary>The books of one round, or of several added up.</summary>
internal sealed record Tally
{
    /// <summary>Acknowledged chunks in the journal, byte for byte.</summary>
    public Count Chunks { get; init; }

    /// <summary>Windows of each 12-lead rhythm model: whole seconds from the session's first sample on.</summary>
    public Count Windows { get; init; }

    /// <summary>Beats, within 40 ms of those that the undisturbed signal path finds.</summary>
    public Count Beats { get; init; }

    /// <summary>One asystole raised for each standstill that was sent whole.</summary>
    public Count Asystoles { get; init; }

    /// <summary>Transitions at a gRPC subscriber that reconnects; doubled counts what is out of order too.</summary>
    public Count Alerts { get; init; }

    /// <summary>The same over MQTT.</summary>
    public Count AlertsMqtt { get; init; }

    /// <summary>Results in InfluxDB.</summary>
    public Count Influx { get; init; }

    /// <summary>What else went wrong: a start that failed, an exit code, a device that gave up.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public bool IsBalanced => Chunks.IsBalanced && Windows.IsBalanced && Beats.IsBalanced && Asystoles.IsBalanced && Alerts.IsBalanced && AlertsMqtt.IsBalanced
        && Influx.IsBalanced && Problems.Count == 0;

    public static Tally operator +(Tally a, Tally b) => new()
    {
        Chunks = a.Chunks + b.Chunks,
        Windows = a.Windows + b.Windows,
        Beats = a.Beats + b.Beats,
        Asystoles = a.Asystoles + b.Asystoles,
        Alerts = a.Alerts + b.Alerts,
        AlertsMqtt = a.AlertsMqtt + b.AlertsMqtt,
        Influx = a.Influx + b.Influx,
        Problems = [.. a.Problems, .. b.Problems],
    };
}
