using System.Net.Sockets;

namespace EcgStream.StandIns.Mqtt.Tests.Conformance;

/// <summary>Walks <c>conversations.txt</c>: bytes to the server, bytes expected of it.</summary>
public sealed class ConversationTests
{
    private const string Connect311 = "10 0D 00 04 4D 51 54 54 04 02 00 1E 00 01 63";
    private const string Connect5 = "10 0E 00 04 4D 51 54 54 05 02 00 1E 00 00 01 63";

    public static TheoryData<string> Heads() => [.. Conversation.All().Select(c => c.Head)];

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task Walk_Conversation_ServerSaysWhatItMust(string head)
    {
        var conversation = Conversation.All().Single(c => c.Head == head);
        await using var host = await Functional.MqttTestHost.StartAsync(o => o.WithPersistentSessions());
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", host.Port);
        for (var i = 0; i < conversation.Lines.Count; i++)
        {
            var line = conversation.Lines[i];
            switch (line[0])
            {
                case '@':
                    await SendAsync(socket, conversation.Version == "5" ? Connect5 : Connect311);
                    Assert.Equal("20", (await PacketAsync(socket))![..2]);
                    break;
                case '>':
                    await SendAsync(socket, line[1..]);
                    break;
                case '<':
                    var expected = conversation.Lines.Skip(i).TakeWhile(l => l[0] == '<').Select(l => l[1..].Trim()).ToList();
                    i += expected.Count - 1;
                    await ReceiveAsync(socket, expected);
                    break;
                case '=':
                    await SendAsync(socket, "C0 00");
                    Assert.Equal("D0 00", await PacketAsync(socket));
                    break;
                case 'x':
                    Assert.Null(await PacketAsync(socket));
                    break;
                default:
                    Assert.Fail($"'{line}' is no step");
                    break;
            }
        }

        Assert.Empty(host.Errors);
    }

    private static async Task ReceiveAsync(Socket socket, List<string> expected)
    {
        while (expected.Count > 0)
        {
            var packet = await PacketAsync(socket);
            Assert.True(packet is not null, $"The connection was closed where {string.Join(" and ", expected)} was expected");
            var match = expected.FirstOrDefault(pattern => Matches(pattern.Split(' '), packet!.Split(' ')));
            Assert.True(match is not null, $"expected {string.Join(" or ", expected)}, got {packet}");
            expected.Remove(match!);
        }
    }

    /// <summary>Of CONNACK and DISCONNECT, which may explain themselves, the pattern may be the beginning.</summary>
    private static bool Matches(string[] pattern, string[] packet) =>
        packet.Length >= pattern.Length
        && pattern.Zip(packet).All(pair => pair.First is ".." || pair.First == pair.Second)
        && (pattern[0] is "20" or "E0" || packet.Length == pattern.Length);

    private static async Task SendAsync(Socket socket, string hex) => await socket.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>One whole packet as hex, or null where the server has closed the connection.</summary>
    private static async Task<string?> PacketAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Functional.MqttTestHost.Patience);
        var packet = new List<byte>();
        var one = new byte[1];
        for (var left = 2; left > 0; left--)
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
            if (packet.Count == 2)
            {
                Assert.True(one[0] < 128, "no conversation has a packet of 128 bytes or more");
                left += one[0];
            }
        }

        return string.Join(' ', packet.Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
