using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// How far each publisher has come, and the transitions that it refused for good. Any thread; every call may throw when
/// the disk fails.
/// </summary>
public interface IPublicationStore
{
    /// <summary>
    /// Cursor of the last transition that the publisher is done with; null when it has never had one.
    /// </summary>
    ulong? Read(string publisher);

    /// <summary>
    /// Survives the end of the process; after a loss of power an older cursor may be read, so that some are published
    /// twice.
    /// </summary>
    void Write(string publisher, ulong cursor);

    /// <summary>Keeps a transition that was refused, with the reason.</summary>
    void Park(string publisher, AlarmEvent transition, string reason);
}
