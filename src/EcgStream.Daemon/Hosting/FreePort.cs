using System.Net;
using System.Net.Sockets;

namespace EcgStream.Daemon.Hosting;

/// <summary>Ports for a daemon beside others: the demo and tests.</summary>
internal static class FreePort
{
    /// <summary>A TCP port of the loopback interface that was free a moment ago; distinct within one call.</summary>
    public static int[] Take(int count)
    {
        var listeners = new TcpListener[count];
        try
        {
            for (var i = 0; i < count; i++)
            {
                listeners[i] = new TcpListener(IPAddress.Loopback, 0);
                listeners[i].Start();
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener?.Dispose();
            }
        }
    }
}
