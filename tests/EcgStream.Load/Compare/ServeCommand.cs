using System.Buffers;
using System.Net;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Ingest.Grpc;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcgStream.Load.Compare;

/// <summary>
/// <c>load serve mqtt|grpc|grpc-messages PORT</c>: <c>mqtt</c> is the daemon with its broker, the others are bare servers. <c>grpc</c> takes chunks
/// as bytes, as the daemon does; <c>grpc-messages</c> parses each and serializes it again to get them. Runs until it is killed.
/// </summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string kind, int port)
    {
        if (kind == "mqtt")
        {
            // The daemon's broker with its listener and adapter: MQTTnet's server alone would leave them out. Nothing is published to its samples topics.
            var data = Directory.CreateTempSubdirectory("ecgstream-serve-").FullName;
            var ports = FreePort.Take(2);
            await using var daemon = DaemonHost.Build(
            [
                $"--Storage:DataDirectory={data}", "--Inference:Device=cpu", "--Ingest:Mqtt:BindAddress=127.0.0.1", $"--Ingest:Mqtt:Port={port}",
                "--Ingest:Grpc:BindAddress=127.0.0.1", $"--Ingest:Grpc:Port={ports[0]}", "--Http:BindAddress=127.0.0.1", $"--Http:Port={ports[1]}",
            ], host => host.Logging.ClearProviders());
            await daemon.RunAsync();
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
