namespace EcgStream.Daemon.Storage.Influx;

/// <summary>What became of a request.</summary>
/// <param name="RetryAfter">The pause that the server asked for, null when it did not.</param>
internal readonly record struct InfluxWriteOutcome(InfluxWriteKind Kind, string Reason = "", TimeSpan? RetryAfter = null);
