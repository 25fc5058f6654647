using EcgStream.Protocol.V1;
using Grpc.Core;

namespace EcgStream.StandIns.Tests.Grpc;

/// <summary>Acknowledges each chunk as it comes; the device id steers what else it does.</summary>
internal sealed class EchoIngest : Ingest.IngestBase
{
    public static readonly byte[] TrailerBytes = [0, 1, 254, 255];

    public TaskCompletionSource<bool> Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task StreamSamples(
        IAsyncStreamReader<SampleChunk> requestStream, IServerStreamWriter<AckBatch> responseStream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync(new Metadata
        {
            { "x-method", context.Method },
            { "x-seen", context.RequestHeaders.GetValue("x-device-site") ?? "" },
            { "x-token", context.RequestHeaders.GetValue("authorization") ?? "" },
            { "x-user-state", context.UserState.TryGetValue("interceptor", out var seen) ? (string)seen : "" },
        });
        context.ResponseTrailers.Add("x-proof-bin", TrailerBytes);
        // A read under way ends with whatever the transport saw first; the token is what a method is promised.
        using var registration = context.CancellationToken.Register(() => Cancelled.TrySetResult(true));
        await foreach (var chunk in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (chunk.DeviceId == "refused")
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "no room for refused"), new Metadata { { "x-limit", "20000" } });
            }

            if (chunk.DeviceId == "wait")
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }

            var batch = new AckBatch();
            batch.Acks.Add(new ChunkAck { DeviceId = chunk.DeviceId, SessionId = chunk.SessionId, Sequence = chunk.Sequence, Status = AckStatus.Accepted });
            await responseStream.WriteAsync(batch, context.CancellationToken);
        }
    }
}
