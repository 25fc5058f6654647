using System.Buffers;

namespace Grpc.Core;

/// <summary>Where one outgoing message is written. The transport overrides all of it.</summary>
public abstract class SerializationContext
{
    /// <summary>The message is these bytes, which the transport then owns.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Tells the length beforehand, so that the transport need not buffer the message.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>The message is what was written to <see cref="GetBufferWriter"/>.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}
