using EcgStream.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace EcgStream.Client.Subscriptions;

/// <summary>Follows the alarms over <c>Alerts.Subscribe</c>, without loss or repeat over breaks.</summary>
/// <param name="channel">The caller's.</param>
/// <param name="afterCursor">Cursor of the last transition seen; 0 = from the first that is kept.</param>
/// <param name="deviceIds">Only these; empty = all.</param>
/// <param name="minPriority">Unspecified = all.</param>
/// <param name="giveUpAfter">Time without a connection after which reading fails; null = never.</param>
public sealed class AlertSubscription(
    GrpcChannel channel,
    ulong afterCursor,
    IReadOnlyCollection<string> deviceIds,
    AlarmPriority minPriority,
    TimeSpan? giveUpAfter,
    TimeProvider clock) : CursorSubscription<AlarmEvent>(afterCursor, giveUpAfter, clock)
{
    private readonly Alerts.AlertsClient _client = new(channel);

    private protected override AsyncServerStreamingCall<AlarmEvent> Open(ulong afterCursor, CancellationToken cancellation)
    {
        var request = new SubscribeAlertsRequest { AfterCursor = afterCursor, MinPriority = minPriority };
        request.DeviceIds.AddRange(deviceIds);
        return _client.Subscribe(request, cancellationToken: cancellation);
    }

    private protected override ulong CursorOf(AlarmEvent next) => next.Cursor;
}
