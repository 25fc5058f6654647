using EcgStream.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace EcgStream.Client.Streaming;

/// <summary>A device that streams over <c>Ingest.StreamSamples</c>. The channel is the caller's and may be shared by many devices.</summary>
public sealed class GrpcDeviceStream(GrpcChannel channel, DeviceStreamOptions options, TimeProvider clock) : ReconnectingStream(options, clock)
{
    private readonly Ingest.IngestClient _client = new(channel);

    private protected override string Peer => channel.Target;

    /// <summary>A call that is reset behind its last message looks to the peer like one that broke.</summary>
    private protected override TimeSpan FarewellTime => TimeSpan.FromSeconds(2);

    private protected override async Task RunConnectionAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var call = _client.StreamSamples(cancellationToken: ending.Token);
        Connected();
        var writing = WriteAsync(call.RequestStream, ending.Token);
        var reading = ReadAsync(call.ResponseStream, ending.Token);
        var first = await Task.WhenAny(writing, reading);
        if (first == writing && writing.IsCompletedSuccessfully)
        {
            await reading;
            return;
        }

        // The reader knows why a call broke; the writer only sees that it cannot write.
        if (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(200), Clock, cancellation));
        }

        await ending.CancelAsync();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await reading;
        if (!Window.Drained.IsCompleted)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the daemon ended the call before every chunk was answered"));
        }
    }

    private protected override bool IsPermanent(Exception error) => error is RpcException
    {
        StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented or StatusCode.InvalidArgument,
    };

    private protected override string Describe(Exception error) =>
        error is RpcException call ? $"{call.StatusCode}: {call.Status.Detail}" : error.Message;

    private async Task WriteAsync(IClientStreamWriter<SampleChunk> requests, CancellationToken cancellation)
    {
        while (true)
        {
            while (Window.TryTake(out var next))
            {
                await requests.WriteAsync(next.Chunk, cancellation);
                Window.CountSent(next);
            }

            if (Window.Drained.IsCompleted)
            {
                await requests.CompleteAsync();
                return;
            }

            await Window.WaitForWorkAsync(cancellation);
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<AckBatch> responses, CancellationToken cancellation)
    {
        while (await responses.MoveNext(cancellation))
        {
            ChunkNotTakenException? notTaken = null;
            foreach (var ack in responses.Current.Acks)
            {
                if (IsTemporary(ack))
                {
                    notTaken ??= new ChunkNotTakenException(ack.Refusal);
                }
                else
                {
                    Answer(ack);
                }
            }

            if (notTaken is not null)
            {
                throw notTaken;
            }
        }
    }
}
