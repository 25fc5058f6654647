using EcgStream.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace EcgStream.Client.Subscriptions;

/// <summary>Follows the models' results over <c>Results.Subscribe</c>, without loss or repeat over breaks.</summary>
/// <param name="channel">The caller's.</param>
/// <param name="afterCursor">Cursor of the last result seen; 0 = from the first that is stored.</param>
/// <param name="deviceIds">Only these; empty = all.</param>
/// <param name="giveUpAfter">Time without a connection after which reading fails; null = never.</param>
public sealed class ResultSubscription(
    GrpcChannel channel,
    ulong afterCursor,
    IReadOnlyCollection<string> deviceIds,
    TimeSpan? giveUpAfter,
    TimeProvider clock) : CursorSubscription<ResultEvent>(afterCursor, giveUpAfter, clock)
{
    private readonly Protocol.V1.Results.ResultsClient _client = new(channel);

    private protected override AsyncServerStreamingCall<ResultEvent> Open(ulong afterCursor, CancellationToken cancellation)
    {
        var request = new SubscribeResultsRequest { AfterCursor = afterCursor };
        request.DeviceIds.AddRange(deviceIds);
        return _client.Subscribe(request, cancellationToken: cancellation);
    }

    private protected override ulong CursorOf(ResultEvent next) => next.Cursor;
}
