using System.Net;
using EcgStream.Client.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcgStream.Simulator.Tests.Streaming;

/// <summary>The test's services on a real socket.</summary>
public sealed class TestDaemon : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestDaemon(WebApplication app, IngestBehaviour behaviour)
    {
        _app = app;
        Behaviour = behaviour;
        Endpoint = new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", new Uri(app.Urls.First()).Port);
    }

    public IngestBehaviour Behaviour { get; }

    public StreamEndpoint Endpoint { get; }

    public static async Task<TestDaemon> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var behaviour = new IngestBehaviour();
        builder.Services.AddSingleton(behaviour);
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<TestIngestService>();
        app.MapGrpcService<TestResultsService>();
        await app.StartAsync();
        return new TestDaemon(app, behaviour);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
