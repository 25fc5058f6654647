using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>One message encoding.</summary>
public interface ICompressionProvider
{
    /// <summary>Its name in the grpc-encoding header.</summary>
    string EncodingName { get; }

    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    Stream CreateDecompressionStream(Stream stream);
}
