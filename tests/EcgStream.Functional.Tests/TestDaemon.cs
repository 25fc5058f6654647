using EcgStream.Daemon.Hosting;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcgStream.Functional.Tests;

/// <summary>The whole daemon in this process: real sockets on free ports, a temporary folder, and the errors that it logged.</summary>
public sealed class TestDaemon : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _root;
    private readonly bool _ownsRoot;
    private readonly ErrorLog _errors;

    private TestDaemon(WebApplication app, string root, bool ownsRoot, ErrorLog errors, int grpcPort, int mqttPort, int httpPort)
    {
        _app = app;
        _root = root;
        _ownsRoot = ownsRoot;
        _errors = errors;
        Grpc = new Uri($"http://127.0.0.1:{grpcPort}");
        Http = new Uri($"http://127.0.0.1:{httpPort}");
        MqttPort = mqttPort;
        Channel = GrpcChannel.ForAddress(Grpc);
    }

    public Uri Grpc { get; }

    public Uri Http { get; }

    public int MqttPort { get; }

    public GrpcChannel Channel { get; }

    public string DataDirectory => _root;

    public IServiceProvider Services => _app.Services;

    /// <summary>Error and critical lines since the start; a test that expects none asserts it.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    /// <param name="dataDirectory">A folder to start over; null = a new one, removed at the end.</param>
    /// <param name="settings">Settings as <c>--Section:Key=value</c>.</param>
    public static Task<TestDaemon> StartAsync(string? dataDirectory = null, params string[] settings) => StartWithAsync(_ => { }, dataDirectory, settings);

    /// <param name="configure">Last changes to what the daemon is made of.</param>
    /// <param name="dataDirectory">A folder to start over; null = a new one, removed at the end.</param>
    /// <param name="settings">Settings as <c>--Section:Key=value</c>.</param>
    public static async Task<TestDaemon> StartWithAsync(Action<WebApplicationBuilder> configure, string? dataDirectory = null, params string[] settings)
    {
        var root = dataDirectory ?? Directory.CreateTempSubdirectory("ecgstream-test-").FullName;
        var ports = FreePort.Take(3);
        var errors = new ErrorLog();
        string[] args =
        [
            $"--Storage:DataDirectory={root}",
            "--Ingest:Grpc:BindAddress=127.0.0.1", $"--Ingest:Grpc:Port={ports[0]}",
            "--Ingest:Mqtt:BindAddress=127.0.0.1", $"--Ingest:Mqtt:Port={ports[1]}",
            "--Http:BindAddress=127.0.0.1", $"--Http:Port={ports[2]}",
            "--Inference:Device=cpu",
            "--Alarms:Engine:PublishUnstoredAfter=00:00:05", // a busy machine is no bad disk
            .. settings,
        ];
        var app = DaemonHost.Build(args, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(errors);
            configure(builder);
        });
        await app.StartAsync();
        return new TestDaemon(app, root, dataDirectory is null, errors, ports[0], ports[1], ports[2]);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsRoot)
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}
