using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.Simulator.Tests.Streaming;

/// <summary>Streams what the behaviour has results of, to one subscriber.</summary>
public sealed class TestResultsService(IngestBehaviour behaviour) : Results.ResultsBase
{
    public override async Task Subscribe(SubscribeResultsRequest request, IServerStreamWriter<ResultEvent> responseStream, ServerCallContext context)
    {
        await foreach (var next in behaviour.Results.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(next);
        }
    }
}
