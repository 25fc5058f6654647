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

    /// <param name="args">The arguments; <c>--to grpc://host:port</c> is taken out, and without it the daemon of this machine's own settings is asked.</param>
    /// <param name="call">Gets the channel, the other arguments and the deadline.</param>
    /// <returns>0, 1 when the daemon does not answer or refuses, 2 for arguments that are none.</returns>
    public static async Task<int> RunAsync(string[] args, Func<GrpcChannel, string[], DateTime, Task<int>> call)
    {
        var place = Array.IndexOf(args, "--to");
        var (address, rest) = place >= 0 && place + 1 < args.Length ? (args[place + 1], [.. args[..place], .. args[(place + 2)..]]) : (OwnAddress(), args);
        if (!StreamEndpoint.TryParse(address, out var endpoint, out var problem) || endpoint.Transport != StreamTransport.Grpc)
        {
            await Console.Error.WriteLineAsync($"ecgstreamd: --to takes grpc://host:port; {(problem.Length > 0 ? problem : address)}");
            return 2;
        }

        using var channel = GrpcChannels.Open(endpoint);
        try
        {
            return await call(channel, rest, (TimeProvider.System.GetUtcNow() + Limit).UtcDateTime);
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
        var defaults = new GrpcIngestOptions();
        var host = section[nameof(GrpcIngestOptions.BindAddress)] is { Length: > 0 } bound and not "*" ? bound : "localhost";
        return FormattableString.Invariant($"grpc://{host}:{section[nameof(GrpcIngestOptions.Port)] ?? defaults.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
    }
}
