using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.Simulator.Tests.Streaming;

/// <summary>Streams what the behaviour has results of, to one subscriber.</summary>
public sealed class TestResultsService(IngestBehaviour behaviour) : Results.ResultsBase
{
    public override async Task Subscribe(SubscribeResultsRequest request, IServerStreamWriter<ResultEvent> responseStream, ServerCallContext context)
    {
        if (behaviour.RejectResults(request) is { } status)
        {
            throw new RpcException(status);
        }

        await context.WriteResponseHeadersAsync([]);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var cut = behaviour.EndResultsWith()?.ContinueWith(_ => ending.CancelAsync(), TaskScheduler.Default).Unwrap();

        try
        {
            await foreach (var next in behaviour.Results.Reader.ReadAllAsync(ending.Token))
            {
                await responseStream.WriteAsync(next);
            }
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            await cut!;
            throw new RpcException(new Status(StatusCode.Unavailable, "broken by the test"));
        }
    }
}
