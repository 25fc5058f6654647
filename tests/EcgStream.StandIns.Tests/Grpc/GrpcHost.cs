using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcgStream.StandIns.Tests.Grpc;

/// <summary>A real Kestrel with HTTP/2 in the clear on a free port of the loopback, and a client for it.</summary>
internal sealed class GrpcHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrpcHost(WebApplication app, GrpcChannel channel, EchoIngest ingest)
    {
        _app = app;
        Channel = channel;
        Ingest = ingest;
    }

    public GrpcChannel Channel { get; }

    public EchoIngest Ingest { get; }

    public static async Task<GrpcHost> StartAsync(string? responseCompression = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var ingest = new EchoIngest();
        builder.Services.AddSingleton(ingest);
        builder.Services.AddSingleton<LiveAlerts>();
        builder.Services.AddGrpc(options =>
        {
            options.Interceptors.Add<MarkingInterceptor>();
            options.ResponseCompressionAlgorithm = responseCompression;
        });
        var app = builder.Build();
        app.MapGrpcService<EchoIngest>();
        app.MapGrpcService<LiveAlerts>();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new GrpcHost(app, GrpcChannel.ForAddress(address, new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true }), ingest);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Leaves a mark that the method can see.</summary>
    private sealed class MarkingInterceptor : Interceptor
    {
        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            context.UserState["interceptor"] = "was here";
            return continuation(requestStream, responseStream, context);
        }
    }
}
