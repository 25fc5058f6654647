using EcgStream.Daemon.Journal;
using EcgStream.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Ingest.Grpc;

/// <summary><c>Ingest.StreamSamples</c>: chunks in, acknowledgements of each commit out.</summary>
internal sealed class GrpcIngestService(IngestGateway gateway, IOptions<GrpcIngestOptions> options, IHostApplicationLifetime lifetime)
    : RawIngest.RawIngestBase
{
    public override async Task StreamSamples(
        IAsyncStreamReader<RawChunk> requestStream, IServerStreamWriter<AckBatch> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var call = new GrpcIngestCall(options.Value.MaxInFlightChunks);
        using var source = new IngestSource(JournalTransport.Grpc, exclusive: true);
        var writing = call.WriteAcksAsync(responseStream, context.CancellationToken);
        try
        {
            while (await requestStream.MoveNext(ending.Token))
            {
                await call.ReserveAsync(ending.Token);
                await call.SubmitAsync(gateway, source, requestStream.Current, ending.Token);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // What is journaled is still acknowledged below; then the device is told to come back.
            throw new RpcException(new Status(StatusCode.Unavailable, "The daemon is stopping; connect again and send what is not acknowledged."));
        }
        finally
        {
            source.Close();
            call.CompleteWhenAnswered();
            await writing;
        }
    }
}
