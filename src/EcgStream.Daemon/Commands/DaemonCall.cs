using System.CommandLine;
using System.Globalization;
using EcgStream.Client.Streaming;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Ingest.Grpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace EcgStream.Daemon.Commands;

/// <summary>A command that asks a running daemon over gRPC.</summary>
internal static class DaemonCall
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Option<string?> To() => new("--to")
    {
        Description = "The daemon's gRPC port. [default: that of this machine's own settings]",
        HelpName = "grpc://host:port",
        Recursive = true,
    };

    /// <param name="to">grpc://host:port; null = the daemon of this machine's own settings.</param>
    /// <param name="call">Gets the channel and the deadline.</param>
    /// <returns>0, 1 when the daemon does not answer or refuses, 2 for an address that is none.</returns>
    public static async Task<int> RunAsync(string? to, Func<GrpcChannel, DateTime, Task<int>> call)
    {
        var address = to ?? OwnAddress();
        if (!StreamEndpoint.TryParse(address, out var endpoint, out var problem) || endpoint.Transport != StreamTransport.Grpc)
        {
            await Console.Error.WriteLineAsync($"ecgstreamd: --to takes grpc://host:port; {(problem.Length > 0 ? problem : address)}");
            return DaemonApp.WrongUsage;
        }

        using var channel = GrpcChannels.Open(endpoint);
        try
        {
            return await call(channel, (TimeProvider.System.GetUtcNow() + Limit).UtcDateTime);
        }
        catch (RpcException fault) when (fault.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            await Console.Error.WriteLineAsync($"ecgstreamd: no daemon answers at {endpoint} ({fault.Status.Detail}). Does it run ('systemctl status ecgstreamd')? --to names another one.");
            return 1;
        }
        catch (RpcException fault)
        {
            await Console.Error.WriteLineAsync($"ecgstreamd: {endpoint} refused: {fault.Status.Detail}");
            return 1;
        }
    }

    private static string OwnAddress()
    {
        var section = DaemonSettings.Load([]).GetSection(GrpcIngestOptions.SectionName);
        var (host, port) = (section[nameof(GrpcIngestOptions.BindAddress)], section[nameof(GrpcIngestOptions.Port)]);
        return OwnAddress("grpc", host, port, new GrpcIngestOptions().Port);
    }

    /// <summary>Where this machine's daemon listens, as its settings say.</summary>
    public static string OwnAddress(string scheme, string? bound, string? port, int defaultPort)
    {
        // A minimal system may not know the name localhost.
        var host = bound is { Length: > 0 } and not ("*" or "localhost") ? bound : "127.0.0.1";
        return $"{scheme}://{host}:{port ?? defaultPort.ToString(CultureInfo.InvariantCulture)}";
    }
}
