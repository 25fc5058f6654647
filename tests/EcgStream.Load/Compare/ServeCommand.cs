using System.Net;
using EcgStream.Protocol.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MQTTnet.Server;

namespace EcgStream.Load.Compare;

/// <summary><c>load serve mqtt|grpc PORT</c>: the bare servers, without the daemon's work behind them. Runs until it is killed.</summary>
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
        app.MapGrpcService<CountingIngest>();
        await app.RunAsync();
        return 0;
    }

    /// <summary>Takes chunks as fast as they come and acknowledges each hundred.</summary>
    private sealed class CountingIngest : Protocol.V1.Ingest.IngestBase
    {
        public override async Task StreamSamples(IAsyncStreamReader<SampleChunk> requestStream, IServerStreamWriter<AckBatch> responseStream, ServerCallContext context)
        {
            var batch = new AckBatch();
            for (var i = 1; await requestStream.MoveNext(context.CancellationToken); i++)
            {
                batch.Acks.Add(new ChunkAck { Sequence = requestStream.Current.Sequence, Status = AckStatus.Accepted });
                if (i % 100 == 0)
                {
                    await responseStream.WriteAsync(batch, context.CancellationToken);
                    batch.Acks.Clear();
                }
            }

            if (batch.Acks.Count > 0)
            {
                await responseStream.WriteAsync(batch, context.CancellationToken);
            }
        }
    }
}
