using System.Globalization;
using EcgStream.Client.Streaming;
using EcgStream.Functional.Tests;
using EcgStream.Interop.Tests.Mqtt;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EcgStream.Interop.Tests.Grpc;

/// <summary>@grpc/grpc-js and python3-grpcio as clients of the daemon (health probe and reflection included) and as servers of our device client.</summary>
public sealed class ForeignGrpcTests
{
    private const int ServedSeconds = 20;
    private const int ServedChunks = (int)(ServedSeconds / SyntheticDevice.ChunkSeconds);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("grpc-js")]
    [InlineData("grpcio")]
    public async Task Client_WholeScenario_Passes(string peer)
    {
        await using var daemon = await TestDaemon.StartAsync();
        await using var process = Start(peer, "client", daemon.Grpc.Port.ToString(CultureInfo.InvariantCulture));

        Assert.EndsWith("OK", (await process.EndAsync()).TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(daemon.Errors);
    }

    [Theory]
    [InlineData("grpc-js")]
    [InlineData("grpcio")]
    public async Task Server_ThatBreaksTheFirstCall_GetsEveryChunkOfOurClient(string peer)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-grpc-");
        try
        {
            var declarations = Path.Combine(folder.FullName, "ingest.binpb");
            await File.WriteAllBytesAsync(declarations, DescriptorSet(IngestReflection.Descriptor), Cancellation);
            await using var process = Start(peer, "server", ServedChunks.ToString(CultureInfo.InvariantCulture), declarations);
            await Waiting.UntilAsync(() => process.Output.Contains("PORT ", StringComparison.Ordinal), "the peer's port", Cancellation);
            var port = int.Parse(process.Output.AsSpan(process.Output.IndexOf("PORT ", StringComparison.Ordinal) + 5).TrimEnd(), NumberStyles.Integer, CultureInfo.InvariantCulture);
            var device = new SyntheticDevice("dev-foreign", new SynthSpec { Seed = 3 });

            var totals = await device.StreamAsync(new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", port), ServedSeconds, end: true, Cancellation);

            Assert.Equal(ServedChunks, totals.Acked);
            Assert.Contains("OK 2 calls", await process.EndAsync(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static PeerProcess Start(string peer, params string[] arguments)
    {
        var folder = PeerProcess.PeersFolder();
        if (peer == "grpc-js")
        {
            Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "@grpc", "grpc-js")), "grpc-js is not installed (npm ci in tests/interop-peers).");
            return PeerProcess.Start(PeerProcess.Require("node", "nodejs"), [Path.Combine(folder, "grpcjs_peer.mjs"), .. arguments]);
        }

        Assert.SkipUnless(Directory.Exists("/usr/lib/python3/dist-packages/grpc"), "grpcio is not installed (Debian package python3-grpcio).");
        return PeerProcess.Start("/usr/bin/python3", [Path.Combine(folder, "grpcio_peer.py"), .. arguments]);
    }

    private static byte[] DescriptorSet(FileDescriptor file)
    {
        var set = new FileDescriptorSet();
        foreach (var one in file.Dependencies.Append(file))
        {
            set.File.Add(FileDescriptorProto.Parser.ParseFrom(one.SerializedData));
        }

        return set.ToByteArray();
    }
}
