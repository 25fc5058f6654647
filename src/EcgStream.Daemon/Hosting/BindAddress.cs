using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EcgStream.Daemon.Hosting;

/// <summary>The one way in which settings name where to listen: <c>localhost</c>, <c>*</c>, or an IP address.</summary>
internal static class BindAddress
{
    public static bool IsValid(string address) => address is "localhost" or "*" || IPAddress.TryParse(address, out _);

    public static void Listen(this KestrelServerOptions kestrel, string address, int port, HttpProtocols protocols)
    {
        void Configure(ListenOptions listen) => listen.Protocols = protocols;
        switch (address)
        {
            case "localhost":
                kestrel.ListenLocalhost(port, Configure);
                break;
            case "*":
                kestrel.ListenAnyIP(port, Configure);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(address), port, Configure);
                break;
        }
    }
}
