using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EcgStream.Daemon.Hosting;

/// <summary>The one way in which settings name where to listen: <c>localhost</c>, <c>*</c>, or an IP address.</summary>
internal static class BindAddress
{
    public static bool IsValid(string address) => address is "localhost" or "*" || IPAddress.TryParse(address, out _);

    public static void Listen(this KestrelServerOptions kestrel, string address, int port, Action<ListenOptions> configure)
    {
        switch (address)
        {
            case "localhost":
                kestrel.ListenLocalhost(port, configure);
                break;
            case "*":
                kestrel.ListenAnyIP(port, configure);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(address), port, configure);
                break;
        }
    }
}
