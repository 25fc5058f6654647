namespace EcgStream.Daemon.Storage.Influx;

internal enum InfluxWriteKind
{
    /// <summary>All lines are in.</summary>
    Written,

    /// <summary>The server took what it could and refuses the rest for what they say: trying again gives the same answer.</summary>
    Refused,

    /// <summary>Not now: try the same lines again.</summary>
    Unavailable,
}
