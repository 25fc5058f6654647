using System.Text;

namespace MQTTnet.Packets;

/// <summary>A name and value that MQTT 5.0 lets every packet carry. The value is held as its UTF-8 bytes.</summary>
public sealed class MqttUserProperty
{
    [Obsolete("Pass the value as ArraySegment<byte> or ReadOnlyMemory<byte>.")]
    public MqttUserProperty(string name, string value)
        : this(name, new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(value ?? throw new ArgumentNullException(nameof(value)))))
    {
    }

    public MqttUserProperty(string name, ArraySegment<byte> value)
        : this(name, value.Array is null ? default : value.AsMemory())
    {
    }

    public MqttUserProperty(string name, ReadOnlyMemory<byte> value)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        ValueBuffer = value;
    }

    public string Name { get; }

    public ReadOnlyMemory<byte> ValueBuffer { get; }

    [Obsolete("Use ValueBuffer or ReadValueAsString.")]
    public string Value => this.ReadValueAsString();

    public override bool Equals(object? obj) => Equals(obj as MqttUserProperty);

    public bool Equals(MqttUserProperty? other) =>
        other is not null && string.Equals(Name, other.Name, StringComparison.Ordinal) && ValueBuffer.Span.SequenceEqual(other.ValueBuffer.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name, StringComparer.Ordinal);
        hash.AddBytes(ValueBuffer.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => $"{Name} = {this.ReadValueAsString()}";
}
