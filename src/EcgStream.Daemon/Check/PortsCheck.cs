using System.Net;
using System.Net.Sockets;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Ingest.Grpc;
using EcgStream.Daemon.Ingest.Mqtt;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Check;

/// <summary>Every port that the daemon would listen on: free, allowed to this user, and not named twice.</summary>
internal sealed class PortsCheck : ISetupCheck
{
    public string Subject => "ports";

    public Task<IReadOnlyList<CheckResult>> RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var grpc = services.GetRequiredService<IOptions<GrpcIngestOptions>>().Value;
        var http = services.GetRequiredService<IOptions<HttpOptions>>().Value;
        var mqtt = services.GetRequiredService<IOptions<MqttIngestOptions>>().Value;
        List<(string Section, string Address, int Port)> listeners = [(GrpcIngestOptions.SectionName, grpc.BindAddress, grpc.Port), (HttpOptions.SectionName, http.BindAddress, http.Port)];
        if (mqtt is { Enabled: true, Broker.Length: 0 })
        {
            listeners.Add((MqttIngestOptions.SectionName, mqtt.BindAddress, mqtt.Port));
        }

        var results = new List<CheckResult>();
        foreach (var group in listeners.Where(listener => listener.Port != 0).GroupBy(listener => listener.Port).Where(group => group.Count() > 1))
        {
            results.Add(CheckResult.Fail(Subject, FormattableString.Invariant($"{string.Join(" and ", group.Select(listener => listener.Section + ":Port"))} are both {group.Key}; each needs a port of its own.")));
        }

        results.AddRange(listeners.Select(listener => Listen(listener.Section, listener.Address, listener.Port)));
        return Task.FromResult<IReadOnlyList<CheckResult>>(results);
    }

    private CheckResult Listen(string section, string address, int port)
    {
        var key = $"{section}:Port";
        var ip = address switch { "localhost" => IPAddress.Loopback, "*" => IPAddress.Any, _ => IPAddress.Parse(address) };
        using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // What waits for its end after a restart does not count, as with the daemon's own listeners; another listener does.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, OperatingSystem.IsLinux());
            socket.Bind(new IPEndPoint(ip, port));
            socket.Listen(1);
            return CheckResult.Ok(Subject, FormattableString.Invariant($"{key}: {port} on {address} is free"));
        }
        catch (SocketException refused)
        {
            return CheckResult.Fail(Subject, refused.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => FormattableString.Invariant(
                    $"{key}: {port} on {address} is in use, perhaps by an ecgstreamd that runs already; 'ss -ltnp sport = :{port}' names the program. Stop it, or set another port."),
                SocketError.AddressNotAvailable => FormattableString.Invariant($"{section}:BindAddress: {address} is no address of this machine; 'ip address' lists them."),
                SocketError.AccessDenied => FormattableString.Invariant($"{key}: {port} needs a right that user {Environment.UserName} has not; take a port above 1023."),
                _ => FormattableString.Invariant($"{key}: {port} on {address}: {refused.Message}"),
            });
        }
    }
}
