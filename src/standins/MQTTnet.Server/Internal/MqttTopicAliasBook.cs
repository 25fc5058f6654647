using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace MQTTnet.Server;

/// <summary>
/// Aliases that the server has made up towards one connection: the first topics get one each, later topics none. Used under the session's gate, in
/// the order in which the packets are written.
/// </summary>
internal sealed class MqttTopicAliasBook(ushort maximum)
{
    private readonly Dictionary<string, ushort> _aliases = new(StringComparer.Ordinal);

    /// <summary>The same header by alias, as far as the topic has one or may have one. <see cref="Keep"/> must follow once it is sure to be sent.</summary>
    public MqttPublishHeader Apply(in MqttPublishHeader header)
    {
        var isKnown = _aliases.TryGetValue(header.Topic, out var alias);
        if (!isKnown && _aliases.Count >= maximum)
        {
            return header;
        }

        var properties = header.Properties ?? new MqttProperties();
        properties.TopicAlias = isKnown ? alias : (ushort)(_aliases.Count + 1);
        return header with { Topic = isKnown ? string.Empty : header.Topic, Properties = properties };
    }

    public void Keep(in MqttPublishHeader header)
    {
        if (header.Topic.Length > 0 && header.Properties?.TopicAlias is { } alias)
        {
            _aliases.Add(header.Topic, alias);
        }
    }
}
