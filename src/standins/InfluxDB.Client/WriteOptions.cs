namespace InfluxDB.Client;

/// <summary>How the background writer gathers and repeats. Times in milliseconds.</summary>
public class WriteOptions
{
    /// <summary>Lines of one request.</summary>
    public int BatchSize { get; set; } = 1000;

    /// <summary>The longest that a line waits for its batch to fill.</summary>
    public int FlushInterval { get; set; } = 1000;

    /// <summary>At most this is added by chance to each repeat's pause.</summary>
    public int JitterInterval { get; set; }

    /// <summary>Pause before the first repeat, where the server names none.</summary>
    public int RetryInterval { get; set; } = 5000;

    public int MaxRetries { get; set; } = 5;

    /// <summary>The longest pause between repeats.</summary>
    public int MaxRetryDelay { get; set; } = 125_000;

    /// <summary>Each pause is this many times the one before.</summary>
    public int ExponentialBase { get; set; } = 2;
}
