using System.Text;

namespace MQTTnet.Packets;

public static class MqttUserPropertyExtensions
{
    /// <summary>Decodes the value; a new string on every call.</summary>
    public static string ReadValueAsString(this MqttUserProperty property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return Encoding.UTF8.GetString(property.ValueBuffer.Span);
    }
}
