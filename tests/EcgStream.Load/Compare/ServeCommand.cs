using System.Buffers;
using System.Net;
using EcgStream.Daemon.Ingest.Grpc;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MQTTnet.Server;

namespace EcgStream.Load.Compare;

/// <summary>
/// <c>load serve mqtt|grpc|grpc-messages PORT</c>: the bare servers, without the daemon's work behind them. <c>grpc</c> takes chunks
/// as bytes, as the daemon does; <c>grpc-messages</c> parses each and serializes it again to get them. Runs until it is killed.
/// </summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string kind, int port)
    {
        if (kind == "mqtt")
        {
            var options = new MqttServerOptionsBuilder()
                .WithDefaultEndpoint().WithDefaultEndpointPort(port).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
                .WithDefaultEndpointBoundIPV6Address(IPAddress.None).WithConnectionBacklog(4096).WithPersistentSessions().Build();
            using var server = new MqttServerFactory().CreateMqttServer(options);
            await server.StartAsync();
            await Task.Delay(Timeout.Infinite);
            return 0;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var app = builder.Build();
        if (kind == "grpc")
        {
            app.MapGrpcService<CountingRawIngest>();
        }
        else
        {
            app.MapGrpcService<CountingIngest>();
        }

        await app.RunAsync();
        return 0;
    }

    private sealed class CountingIngest : Protocol.V1.Ingest.IngestBase
    {
        public override Task StreamSamples(
            IAsyncStreamReader<SampleChunk> requestStream, IServerStreamWriter<AckBatch> responseStream, ServerCallContext context)
        {
            var bytes = new ArrayBufferWriter<byte>(4096);
            return CountAsync(requestStream, responseStream, context, chunk =>
            {
                bytes.ResetWrittenCount();
                chunk.WriteTo(bytes);
            });
        }
    }

    private sealed class CountingRawIngest : RawIngest.RawIngestBase
    {
        public override Task StreamSamples(
            IAsyncStreamReader<RawChunk> requestStream, IServerStreamWriter<AckBatch> responseStream, ServerCallContext context) =>
            CountAsync(requestStream, responseStream, context, static chunk => chunk.Return());
    }

    /// <summary>Takes chunks as fast as they come and acknowledges each hundred.</summary>
    private static async Task CountAsync<T>(
        IAsyncStreamReader<T> chunks, IServerStreamWriter<AckBatch> answers, ServerCallContext context, Action<T> take)
    {
        var batch = new AckBatch();
        for (ulong i = 1; await chunks.MoveNext(context.CancellationToken); i++)
        {
            take(chunks.Current);
            batch.Acks.Add(new ChunkAck { Sequence = i - 1, Status = AckStatus.Accepted });
            if (i % 100 == 0)
            {
                await answers.WriteAsync(batch, context.CancellationToken);
                batch.Acks.Clear();
            }
        }

        if (batch.Acks.Count > 0)
        {
            await answers.WriteAsync(batch, context.CancellationToken);
        }
    }
}
