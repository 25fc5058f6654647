using System.Buffers;
using System.Text;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

public sealed class MqttApplicationMessageBuilder
{
    private string? _contentType;
    private byte[]? _correlationData;
    private uint _messageExpiryInterval;
    private ReadOnlySequence<byte> _payload;
    private MqttPayloadFormatIndicator _payloadFormatIndicator;
    private MqttQualityOfServiceLevel _qualityOfServiceLevel;
    private string? _responseTopic;
    private bool _retain;
    private List<uint>? _subscriptionIdentifiers;
    private string? _topic;
    private ushort _topicAlias;
    private List<MqttUserProperty>? _userProperties;

    public MqttApplicationMessage Build()
    {
        if (_topicAlias == 0 && string.IsNullOrEmpty(_topic))
        {
            throw new MqttProtocolViolationException("Topic or TopicAlias is not set.");
        }

        return new MqttApplicationMessage
        {
            ContentType = _contentType,
            CorrelationData = _correlationData,
            MessageExpiryInterval = _messageExpiryInterval,
            Payload = _payload,
            PayloadFormatIndicator = _payloadFormatIndicator,
            QualityOfServiceLevel = _qualityOfServiceLevel,
            ResponseTopic = _responseTopic,
            Retain = _retain,
            SubscriptionIdentifiers = _subscriptionIdentifiers,
            Topic = _topic ?? string.Empty,
            TopicAlias = _topicAlias,
            UserProperties = _userProperties,
        };
    }

    public MqttApplicationMessageBuilder WithContentType(string? contentType)
    {
        _contentType = contentType;
        return this;
    }

    public MqttApplicationMessageBuilder WithCorrelationData(byte[]? correlationData)
    {
        _correlationData = correlationData;
        return this;
    }

    public MqttApplicationMessageBuilder WithMessageExpiryInterval(uint messageExpiryInterval)
    {
        _messageExpiryInterval = messageExpiryInterval;
        return this;
    }

    public MqttApplicationMessageBuilder WithPayload(byte[]? payload)
    {
        _payload = payload is null ? default : new ReadOnlySequence<byte>(payload);
        return this;
    }

    public MqttApplicationMessageBuilder WithPayload(ArraySegment<byte> payloadSegment) => WithPayloadSegment(payloadSegment);

    public MqttApplicationMessageBuilder WithPayload(IEnumerable<byte>? payload) => WithPayload(payload as byte[] ?? payload?.ToArray());

    public MqttApplicationMessageBuilder WithPayload(Stream? payload) => WithPayload(payload, payload is null ? 0 : payload.Length - payload.Position);

    public MqttApplicationMessageBuilder WithPayload(Stream? payload, long length)
    {
        var bytes = new byte[payload is null ? 0 : length];
        var read = payload?.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) ?? 0;
        _payload = new ReadOnlySequence<byte>(bytes, 0, read);
        return this;
    }

    public MqttApplicationMessageBuilder WithPayload(ReadOnlySequence<byte> payload)
    {
        _payload = payload;
        return this;
    }

    public MqttApplicationMessageBuilder WithPayload(string? payload) =>
        WithPayload(string.IsNullOrEmpty(payload) ? null : Encoding.UTF8.GetBytes(payload));

    public MqttApplicationMessageBuilder WithPayloadFormatIndicator(MqttPayloadFormatIndicator payloadFormatIndicator)
    {
        _payloadFormatIndicator = payloadFormatIndicator;
        return this;
    }

    public MqttApplicationMessageBuilder WithPayloadSegment(ArraySegment<byte> payloadSegment) => WithPayloadSegment(payloadSegment.AsMemory());

    public MqttApplicationMessageBuilder WithPayloadSegment(ReadOnlyMemory<byte> payloadSegment)
    {
        _payload = new ReadOnlySequence<byte>(payloadSegment);
        return this;
    }

    public MqttApplicationMessageBuilder WithQualityOfServiceLevel(MqttQualityOfServiceLevel qualityOfServiceLevel)
    {
        _qualityOfServiceLevel = qualityOfServiceLevel;
        return this;
    }

    public MqttApplicationMessageBuilder WithResponseTopic(string? responseTopic)
    {
        _responseTopic = responseTopic;
        return this;
    }

    public MqttApplicationMessageBuilder WithRetainFlag(bool value = true)
    {
        _retain = value;
        return this;
    }

    public MqttApplicationMessageBuilder WithSubscriptionIdentifier(uint subscriptionIdentifier)
    {
        (_subscriptionIdentifiers ??= []).Add(subscriptionIdentifier);
        return this;
    }

    public MqttApplicationMessageBuilder WithTopic(string topic)
    {
        _topic = topic;
        return this;
    }

    public MqttApplicationMessageBuilder WithTopicAlias(ushort topicAlias)
    {
        _topicAlias = topicAlias;
        return this;
    }

    [Obsolete("Pass the value as ArraySegment<byte> or ReadOnlyMemory<byte>.")]
    public MqttApplicationMessageBuilder WithUserProperty(string name, string value)
    {
        (_userProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }

    public MqttApplicationMessageBuilder WithUserProperty(string name, ArraySegment<byte> value)
    {
        (_userProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }

    public MqttApplicationMessageBuilder WithUserProperty(string name, ReadOnlyMemory<byte> value)
    {
        (_userProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
