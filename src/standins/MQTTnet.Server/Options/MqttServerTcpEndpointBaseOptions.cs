using System.Net;

namespace MQTTnet.Server;

public abstract class MqttServerTcpEndpointBaseOptions
{
    /// <summary>The transport may always cut packets; false is refused when the server starts.</summary>
    public bool AllowPacketFragmentation { get; set; } = true;

    /// <summary><see cref="IPAddress.None"/> turns IPv4 off.</summary>
    public IPAddress BoundInterNetworkAddress { get; set; } = IPAddress.Any;

    /// <summary><see cref="IPAddress.None"/> turns IPv6 off.</summary>
    public IPAddress BoundInterNetworkV6Address { get; set; } = IPAddress.IPv6Any;

    public int ConnectionBacklog { get; set; } = 100;

    public bool IsEnabled { get; set; }

    /// <summary>TCP keep-alive; null leaves the system's default.</summary>
    public bool? KeepAlive { get; set; }

    public bool NoDelay { get; set; } = true;

    /// <summary>0 lets the system choose; the chosen port stands here after the start.</summary>
    public int Port { get; set; }

    public bool ReuseAddress { get; set; }

    /// <summary>Seconds.</summary>
    public int? TcpKeepAliveInterval { get; set; }

    public int? TcpKeepAliveRetryCount { get; set; }

    /// <summary>Seconds.</summary>
    public int? TcpKeepAliveTime { get; set; }
}
