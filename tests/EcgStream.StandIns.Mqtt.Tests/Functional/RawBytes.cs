using System.Globalization;
using System.Net.Sockets;

namespace EcgStream.StandIns.Mqtt.Tests.Functional;

/// <summary>Packets as hex over a socket, by nothing of the code under test.</summary>
internal static class RawBytes
{
    public static byte[] Of(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    public static async Task<Socket> DialAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        return socket;
    }

    public static async Task SendHexAsync(this Socket socket, string hex) => await socket.SendAsync(Of(hex));

    /// <summary>One whole packet, or null where the other side has closed the connection.</summary>
    public static async Task<string?> PacketAsync(this Socket socket)
    {
        using var patience = new CancellationTokenSource(MqttTestHost.Patience);
        var packet = new List<byte>();
        var one = new byte[1];
        var (isHeader, left) = (true, 1);
        while (left > 0)
        {
            try
            {
                if (await socket.ReceiveAsync(one, patience.Token) == 0)
                {
                    return null;
                }
            }
            catch (SocketException)
            {
                return null;
            }

            packet.Add(one[0]);
            if (!isHeader)
            {
                left--;
            }
            else if (packet.Count > 1 && one[0] < 128)
            {
                isHeader = false;
                left = packet.Skip(1).Select((value, place) => (value & 127) << (7 * place)).Sum();
            }
        }

        return string.Join(' ', packet.Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));
    }
}
