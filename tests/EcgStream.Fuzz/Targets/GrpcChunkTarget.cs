using System.Buffers;
using EcgStream.Core.Signals;
using EcgStream.Protocol.V1;
using Google.Protobuf;

namespace EcgStream.Fuzz.Targets;

/// <summary>A gRPC message: protobuf reads it, the ingest call writes it again and hands it to the decoder, as the daemon does.</summary>
internal sealed class GrpcChunkTarget : FuzzTarget
{
    private readonly DeviceIdTable _ids = new(256);
    private readonly ArrayBufferWriter<byte> _scratch = new(4096);

    public override string Name => "grpc-chunk";

    public override IReadOnlyList<byte[]> Corpus { get; } = ChunkSamples.Create();

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        SampleChunk chunk;
        try
        {
            chunk = SampleChunk.Parser.ParseFrom(input.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            return false; // gRPC answers INTERNAL; nothing of ours has seen it
        }

        _scratch.ResetWrittenCount();
        chunk.WriteTo(_scratch);
        return ChunkDecoder.TryDecode(_scratch.WrittenSpan, _ids, out _, out _);
    }
}
