using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Monitor;

/// <summary>The gRPC face of the results: stored ones after a cursor, then live ones.</summary>
internal sealed class ResultsService(ResultFeed results, IOptions<FeedOptions> options, IHostApplicationLifetime lifetime) : Protocol.V1.Results.ResultsBase
{
    /// <summary>Headers go out once the start is fixed: whatever is stored after the client has them is delivered.</summary>
    public override async Task Subscribe(SubscribeResultsRequest request, IServerStreamWriter<ResultEvent> responseStream, ServerCallContext context)
    {
        var devices = new DeviceFilter(request.DeviceIds, options.Value.MaxDeviceIds);
        var start = FeedRequest.Start(results.Feed, request.AfterCursor, request.LiveOnly);
        using var place = FeedRequest.Enter(results.Feed, options.Value);
        await context.WriteResponseHeadersAsync([]);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var item in results.Feed.ReadAsync(start, ending.Token))
            {
                if (devices.Takes(item.Result.DeviceId))
                {
                    await responseStream.WriteAsync(item, ending.Token);
                }
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw FeedRequest.Stopping();
        }
    }
}
