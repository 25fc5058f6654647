using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.Simulator.Tests.Streaming;

/// <summary>A small ingest: answers in batches, and breaks as its behaviour says.</summary>
public sealed class TestIngestService(IngestBehaviour behaviour) : Ingest.IngestBase
{
    private static int _calls;

    public override async Task StreamSamples(IAsyncStreamReader<SampleChunk> requestStream, IServerStreamWriter<AckBatch> responseStream, ServerCallContext context)
    {
        if (behaviour.Reject() is { } status)
        {
            throw new RpcException(status);
        }

        var call = Interlocked.Increment(ref _calls);
        try
        {
            await AnswerAsync(requestStream, responseStream, call, context);
        }
        finally
        {
            behaviour.End(call);
        }
    }

    private async Task AnswerAsync(IAsyncStreamReader<SampleChunk> requestStream, IServerStreamWriter<AckBatch> responseStream, int call, ServerCallContext context)
    {
        var limit = behaviour.BreakAfter(call);
        var batch = new AckBatch();
        var taken = 0;
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var chunk = requestStream.Current.Clone();
            behaviour.Calls.AddOrUpdate(chunk.DeviceId, 1, (_, count) => count + 1);
            batch.Acks.Add(behaviour.Take(chunk, call));
            if (++taken >= limit)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "broken by the test"));
            }

            if (!behaviour.Mute && (batch.Acks.Count == 3 || chunk.EndOfSession || limit is null))
            {
                await responseStream.WriteAsync(batch);
                batch = new AckBatch();
            }
        }

        behaviour.CountEndedByDevice();
        if (!behaviour.Mute && batch.Acks.Count > 0)
        {
            await responseStream.WriteAsync(batch);
        }
    }
}
