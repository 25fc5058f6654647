using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Alarms;

/// <summary>
/// Hands transitions on to another system, MQTT for one. Each publisher follows the journal at its own pace, in cursor
/// order: a slow or broken one delays nobody. What it cannot take now is tried again until it can; what it refuses is
/// set aside, so that the transitions of other devices go on.
/// </summary>
public interface IAlarmPublisher
{
    /// <summary>Name for logs, metrics and its durable cursor, without anything of a device.</summary>
    string Name { get; }

    /// <summary>Publishes one transition. A throw means that nothing can be handed over now.</summary>
    ValueTask<PublishOutcome> PublishAsync(AlarmEvent transition, CancellationToken cancellationToken);
}

/// <summary>What became of a transition.</summary>
/// <param name="Kind">Whether it was taken.</param>
/// <param name="Reason">Why not, for people; empty when it was.</param>
public readonly record struct PublishOutcome(PublishKind Kind, string Reason)
{
    public static readonly PublishOutcome Taken = new(PublishKind.Taken, "");

    public static PublishOutcome Unavailable(string reason) => new(PublishKind.Unavailable, reason);

    public static PublishOutcome Refused(string reason) => new(PublishKind.Refused, reason);
}

/// <summary>Whether a transition was taken.</summary>
public enum PublishKind
{
    Taken,

    /// <summary>Nothing could be taken: there is no connection, or no answer.</summary>
    Unavailable,

    /// <summary>The other system answers, and will not have this one.</summary>
    Refused,
}
