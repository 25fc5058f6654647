using System.Buffers;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.ObjectPool;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace EcgStream.Daemon.Ingest.Grpc;

/// <summary>
/// <c>ecgstream.v1.Ingest</c> with chunks as the bytes they came in, for the gateway's own decoder and the journal. Its shape is that
/// of the generated <see cref="Protocol.V1.Ingest"/>, by which the server and its reflection find the method and the declaration.
/// </summary>
internal static class RawIngest
{
    private static readonly Method<RawChunk, AckBatch> StreamSamples = new(
        MethodType.DuplexStreaming,
        Descriptor.FullName,
        nameof(StreamSamples),
        Marshallers.Create<RawChunk>(static (_, _) => throw new NotSupportedException("The daemon receives chunks only."), RawChunk.Read),
        Marshallers.Create<AckBatch>(Write, static context => AckBatch.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    public static ServiceDescriptor Descriptor => Protocol.V1.Ingest.Descriptor;

    public static void BindService(ServiceBinderBase binder, RawIngestBase? service) =>
        binder.AddMethod(
            StreamSamples, service is null ? null : new DuplexStreamingServerMethod<RawChunk, AckBatch>(service.StreamSamples));

    private static void Write(AckBatch batch, SerializationContext context)
    {
        context.SetPayloadLength(batch.CalculateSize());
        batch.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    [BindServiceMethod(typeof(RawIngest), nameof(BindService))]
    internal abstract class RawIngestBase
    {
        public virtual Task StreamSamples(
            IAsyncStreamReader<RawChunk> requestStream, IServerStreamWriter<AckBatch> responseStream, ServerCallContext context) =>
            throw new RpcException(new Status(StatusCode.Unimplemented, ""));
    }
}

/// <summary>A serialized SampleChunk in a pooled buffer. One owner, who returns it once.</summary>
internal sealed class RawChunk
{
    private static readonly ObjectPool<RawChunk> Pool = ObjectPool.Create<RawChunk>();
    private byte[] _bytes = [];
    private int _length;

    public ReadOnlySequence<byte> Payload => new(_bytes, 0, _length);

    /// <summary>The message of a call is only there during this call of its deserializer.</summary>
    public static RawChunk Read(DeserializationContext context)
    {
        var chunk = Pool.Get();
        chunk._length = context.PayloadLength;
        chunk._bytes = ArrayPool<byte>.Shared.Rent(chunk._length);
        context.PayloadAsReadOnlySequence().CopyTo(chunk._bytes);
        return chunk;
    }

    /// <summary>
    /// What the sender calls the chunk, for the answer to one that the gateway could not decode; empty where not even that can be read.
    /// </summary>
    public ChunkIdentity Identify()
    {
        try
        {
            var chunk = SampleChunk.Parser.ParseFrom(Payload);
            return new ChunkIdentity(chunk.DeviceId, chunk.SessionId, chunk.Sequence);
        }
        catch (InvalidProtocolBufferException)
        {
            return default;
        }
    }

    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Pool.Return(this);
    }
}
