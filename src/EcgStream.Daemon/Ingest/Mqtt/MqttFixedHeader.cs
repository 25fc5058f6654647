using System.Buffers;
using MQTTnet.Exceptions;

namespace EcgStream.Daemon.Ingest.Mqtt;

/// <summary>The first bytes of a packet, which say how long it is before it is there.</summary>
internal static class MqttFixedHeader
{
    /// <returns>Bytes of the whole packet; null while its length is not there yet.</returns>
    /// <exception cref="MqttProtocolViolationException">The length has more than four bytes.</exception>
    public static int? PacketLength(in ReadOnlySequence<byte> start)
    {
        var reader = new SequenceReader<byte>(start);
        var remaining = 0;
        if (!reader.TryRead(out _))
        {
            return null;
        }

        for (var shift = 0; shift < 28; shift += 7)
        {
            if (!reader.TryRead(out var digit))
            {
                return null;
            }

            remaining |= (digit & 0x7F) << shift;
            if (digit < 0x80)
            {
                return (int)reader.Consumed + remaining;
            }
        }

        throw new MqttProtocolViolationException("The packet's length has more than four bytes.");
    }
}
