using MQTTnet.Formatter;

namespace MQTTnet.Server;

/// <summary>The last retained message of each topic.</summary>
internal sealed class MqttRetainedStore(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _bytes;
    private readonly Dictionary<string, (MqttApplicationMessage Message, long ReceivedTimestamp)> _messages = new(StringComparer.Ordinal);

    /// <summary>Keeps the message, or removes the topic's where the payload is empty. False where the store is full.</summary>
    public bool TryUpdate(MqttApplicationMessage message)
    {
        lock (_gate)
        {
            var isKnown = _messages.TryGetValue(message.Topic, out var previous);
            var bytes = _bytes + message.Payload.Length - (isKnown ? previous.Message.Payload.Length : 0);
            if (message.Payload.IsEmpty)
            {
                _messages.Remove(message.Topic);
                _bytes = bytes;
                return true;
            }

            if ((!isKnown && _messages.Count >= MqttServerLimits.MaximumRetainedMessages) || bytes > MqttServerLimits.MaximumRetainedBytes)
            {
                return false;
            }

            _bytes = bytes;
            _messages[message.Topic] = (message, clock.GetTimestamp());
            return true;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _messages.Clear();
            _bytes = 0;
        }
    }

    public MqttApplicationMessage? Find(string topic)
    {
        lock (_gate)
        {
            return _messages.TryGetValue(topic, out var found) && !IsExpired(found) ? found.Message : null;
        }
    }

    public List<MqttApplicationMessage> ToList()
    {
        lock (_gate)
        {
            return [.. _messages.Values.Where(m => !IsExpired(m)).Select(m => m.Message)];
        }
    }

    public List<(MqttApplicationMessage Message, long ReceivedTimestamp)> Match(string filter)
    {
        lock (_gate)
        {
            if (filter.AsSpan().IndexOfAny('+', '#') < 0)
            {
                return _messages.TryGetValue(filter, out var found) && !IsExpired(found) ? [found] : [];
            }

            return [.. _messages.Where(m => !IsExpired(m.Value) && MqttTopicRules.IsMatch(filter, m.Key)).Select(m => m.Value)];
        }
    }

    private bool IsExpired((MqttApplicationMessage Message, long ReceivedTimestamp) entry) =>
        entry.Message.MessageExpiryInterval > 0 && clock.GetElapsedTime(entry.ReceivedTimestamp).TotalSeconds >= entry.Message.MessageExpiryInterval;
}
