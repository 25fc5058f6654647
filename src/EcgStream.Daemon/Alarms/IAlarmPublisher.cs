using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Hands transitions on to another system, MQTT for one. Each publisher follows the journal at its own pace, in cursor order: a slow or
/// broken one delays nobody, and is tried again with the same transition until it takes it.
/// </summary>
public interface IAlarmPublisher
{
    /// <summary>Name for logs and metrics, without anything of a device.</summary>
    string Name { get; }

    /// <summary>Publishes one transition; false or a throw when it could not be handed over now.</summary>
    ValueTask<bool> PublishAsync(AlarmEvent transition, CancellationToken cancellationToken);
}
