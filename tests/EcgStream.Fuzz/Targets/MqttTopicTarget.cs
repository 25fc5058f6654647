using System.Text;
using MQTTnet.Formatter;

namespace EcgStream.Fuzz.Targets;

/// <summary>Topics and filters from a peer: the matcher against one that is written in the plainest way.</summary>
internal sealed class MqttTopicTarget : FuzzTarget
{
    public override string Name => "mqtt-topics";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[]
        {
            "ecg/v1/+/+/alarms\necg/v1/main/dev-1/alarms", "#\na/b/c", "a/#\na", "+/+\n/finance", "$SYS/#\n$SYS/x", "$share/group/a/+\na/b", "/+\n/x", "a//b\na//b", "+/b/#\na/b",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var filter = end < 0 ? text : text[..end];
        var topic = end < 0 ? "a" : text[(end + 1)..];
        if (MqttTopicRules.IsShared(filter) && MqttTopicRules.IsValidFilter(filter) && !MqttTopicRules.TrySplitShared(filter, out _, out _))
        {
            throw new FindingException($"the shared filter '{filter}' is valid and cannot be split");
        }

        if (!MqttTopicRules.IsValidFilter(filter) || MqttTopicRules.IsShared(filter) || !MqttTopicRules.IsValidName(topic.AsSpan()))
        {
            return false;
        }

        var expected = !(topic[0] == '$' && (filter[0] is '#' or '+')) && Matches(filter.Split('/'), topic.Split('/'));
        if (MqttTopicRules.IsMatch(filter, topic) != expected)
        {
            throw new FindingException($"filter '{filter}', topic '{topic}': should match is {expected}");
        }

        return true;
    }

    private static bool Matches(string[] filter, string[] topic)
    {
        for (var i = 0; i < filter.Length; i++)
        {
            if (filter[i] == "#")
            {
                return true;
            }

            if (i >= topic.Length || (filter[i] != "+" && filter[i] != topic[i]))
            {
                return false;
            }
        }

        return filter.Length == topic.Length;
    }
}
