namespace EcgStream.Daemon.Journal;

/// <summary>How a chunk came in. The numbers are stored: never reuse one.</summary>
public enum JournalTransport : byte
{
    Unknown = 0,
    Mqtt = 1,
    Grpc = 2,

    /// <summary>Made inside the daemon's own process (demo).</summary>
    InProcess = 3,
}
