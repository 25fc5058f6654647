using System.Net.Sockets;
using EcgStream.StandIns.Mqtt.Tests.Functional;
using EcgStream.Testing;

namespace EcgStream.StandIns.Mqtt.Tests.Conformance;

/// <summary>Walks <c>conversations.txt</c>: bytes to the server, bytes expected of it.</summary>
public sealed class ConversationTests
{
    private const string Connect311 = "10 0D 00 04 4D 51 54 54 04 02 00 1E 00 01 ";
    private const string Connect5 = "10 0E 00 04 4D 51 54 54 05 02 00 1E 00 00 01 ";

    public static TheoryData<string> Heads() => [.. Conversation.All().Select(c => c.Head)];

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task Walk_Conversation_ServerSaysWhatItMust(string head)
    {
        var conversation = Conversation.All().Single(c => c.Head == head);
        var clock = new ManualTimeProvider();
        await using var host = await MqttTestHost.StartAsync(o => o.WithPersistentSessions(), clock);
        var peers = new Dictionary<char, Socket>();
        try
        {
            for (var i = 0; i < conversation.Steps.Count; i++)
            {
                var step = conversation.Steps[i];
                if (step.Kind == '+')
                {
                    clock.Advance(TimeSpan.FromSeconds(int.Parse(step.Text, System.Globalization.CultureInfo.InvariantCulture)));
                    continue;
                }

                var expected = conversation.Steps.Skip(i).TakeWhile(s => s.Kind == '<' && s.Peer == step.Peer).Select(s => s.Text).ToList();
                i += Math.Max(0, expected.Count - 1);
                await WalkAsync(host, peers, conversation, step, expected);
            }
        }
        finally
        {
            peers.Values.ToList().ForEach(socket => socket.Dispose());
        }

        Assert.Empty(host.Errors);
    }

    private static async Task WalkAsync(MqttTestHost host, Dictionary<char, Socket> peers, Conversation conversation, ConversationStep step, List<string> expected)
    {
        if (!peers.TryGetValue(step.Peer, out var socket))
        {
            peers[step.Peer] = socket = await RawBytes.DialAsync(host.Port);
        }

        switch (step.Kind)
        {
            case '@':
                await socket.SendHexAsync((conversation.Version == "5" ? Connect5 : Connect311) + Convert.ToHexString([(byte)step.Peer]));
                Assert.Equal("20", (await socket.PacketAsync())![..2]);
                break;
            case '>':
                await socket.SendHexAsync(step.Text);
                break;
            case '<':
                await ReceiveAsync(socket, expected);
                break;
            case '=':
                // Messages leave by another thread than answers; what must not come gets the time of ten answers to show.
                for (var ping = 0; ping < 10; ping++)
                {
                    await socket.SendHexAsync("C0 00");
                    Assert.Equal("D0 00", await socket.PacketAsync());
                }

                break;
            case 'x':
                Assert.Null(await socket.PacketAsync());
                break;
            case '!':
                var connections = host.Server.GetConnections().Count;
                socket.Dispose();
                peers.Remove(step.Peer);
                await PublishSubscribeTests.WaitUntilAsync(() => host.Server.GetConnections().Count < connections);
                break;
            default:
                Assert.Fail($"'{step.Kind}' is no step");
                break;
        }
    }

    private static async Task ReceiveAsync(Socket socket, List<string> expected)
    {
        while (expected.Count > 0)
        {
            var packet = await socket.PacketAsync();
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
}
