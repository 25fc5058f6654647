using EcgStream.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EcgStream.Functional.Tests.Ingest;

/// <summary><c>Ingest.StreamSamples</c> over a real HTTP/2 socket.</summary>
public sealed class GrpcIngestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StreamSamples_ChunksInOrder_EachIsAcknowledgedOnce()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var acks = await SendAsync(daemon, Enumerable.Range(0, 200).Select(i => TestChunks.Make("dev-1", (ulong)i)));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (ulong)i), acks.Select(ack => ack.Sequence));
        Assert.All(acks, ack => Assert.Equal(AckStatus.Accepted, ack.Status));
        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task StreamSamples_SameChunksOverASecondCall_AreDuplicates()
    {
        await using var daemon = await TestDaemon.StartAsync();
        await SendAsync(daemon, Enumerable.Range(0, 10).Select(i => TestChunks.Make("dev-1", (ulong)i)));
        var again = await SendAsync(daemon, Enumerable.Range(5, 10).Select(i => TestChunks.Make("dev-1", (ulong)i)));
        Assert.Equal(5, again.Count(ack => ack.Status == AckStatus.Duplicate));
        Assert.Equal(5, again.Count(ack => ack.Status == AckStatus.Accepted));
    }

    [Fact]
    public async Task StreamSamples_BadChunks_AreRefusedByReasonAndTheOthersGoOn()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var sequence = 0UL;
        foreach (var (name, chunk, reason) in TestChunks.Bad("dev-bad"))
        {
            var acks = await SendAsync(daemon, [TestChunks.Make("dev-good", sequence++), chunk]);
            var refused = Assert.Single(acks, ack => ack.Status == AckStatus.Refused);
            Assert.True(reason == refused.Refusal.Reason, $"{name}: {refused.Refusal}");
            Assert.NotEmpty(refused.Refusal.Message);
            Assert.NotEmpty(refused.Refusal.Limit);
            Assert.Single(acks, ack => ack.Status == AckStatus.Accepted);
        }
    }

    [Fact]
    public async Task StreamSamples_BytesThatAreNoChunk_AreRefusedAndTheCallGoesOn()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var method = new Method<byte[], AckBatch>(
            MethodType.DuplexStreaming, "ecgstream.v1.Ingest", "StreamSamples", Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes),
            Marshallers.Create(_ => [], AckBatch.Parser.ParseFrom));
        var options = new CallOptions(cancellationToken: Cancellation);
        using var call = daemon.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, options);
        byte[][] messages =
        [
            [0xFF, 0xFF, 0xFF],
            [],
            new byte[300 * 1024],
            TestChunks.Make("dev-1", 0).ToByteArray(),
            new SampleChunk { DeviceId = "dev-1", Sequence = 7 }.ToByteArray(),
        ];
        foreach (var message in messages)
        {
            await call.RequestStream.WriteAsync(message, Cancellation);
        }

        await call.RequestStream.CompleteAsync();
        var acks = new List<ChunkAck>();
        while (await call.ResponseStream.MoveNext(Cancellation))
        {
            acks.AddRange(call.ResponseStream.Current.Acks);
        }

        Assert.Equal(5, acks.Count);
        Assert.Equal("dev-1", Assert.Single(acks, ack => ack.Status == AckStatus.Accepted).DeviceId);
        Assert.Single(acks, ack => ack is { DeviceId: "dev-1", Sequence: 7, Status: AckStatus.Refused });
        Assert.Equal(3, acks.Count(ack => ack is { DeviceId: "", Status: AckStatus.Refused }));
        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task StreamSamples_SecondWriterOfASession_IsRefusedWhileTheFirstGoesOn()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var client = new Protocol.V1.Ingest.IngestClient(daemon.Channel);
        using var first = client.StreamSamples(cancellationToken: Cancellation);
        await first.RequestStream.WriteAsync(TestChunks.Make("dev-1", 0), Cancellation);
        Assert.True(await first.ResponseStream.MoveNext(Cancellation));

        var intruder = await SendAsync(daemon, [TestChunks.Make("dev-1", 1)]);
        Assert.Equal(RefusalReason.SecondWriter, Assert.Single(intruder).Refusal.Reason);

        await first.RequestStream.WriteAsync(TestChunks.Make("dev-1", 1), Cancellation);
        Assert.True(await first.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(AckStatus.Accepted, Assert.Single(first.ResponseStream.Current.Acks).Status);
        await first.RequestStream.CompleteAsync();
        Assert.False(await first.ResponseStream.MoveNext(Cancellation));

        var after = await SendAsync(daemon, [TestChunks.Make("dev-1", 2)]);
        Assert.Equal(AckStatus.Accepted, Assert.Single(after).Status);
    }

    [Fact]
    public async Task StreamSamples_SessionThatANewerOneReplaced_IsRefused()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var acks = await SendAsync(daemon, [TestChunks.Make("d", 0, session: 1), TestChunks.Make("d", 0, session: 2), TestChunks.Make("d", 1, session: 1)]);
        Assert.Equal([AckStatus.Accepted, AckStatus.Accepted, AckStatus.Refused], acks.OrderBy(ack => ack.Status).Select(ack => ack.Status));
        Assert.Equal(RefusalReason.SessionId, acks.Single(ack => ack.Status == AckStatus.Refused).Refusal.Reason);
    }

    [Fact]
    public async Task StreamSamples_MessageBeyondTheTransportLimit_EndsThatCallOnly()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var huge = TestChunks.Make("dev-1", 0);
        huge.Samples = Google.Protobuf.ByteString.CopyFrom(new byte[2 * 1024 * 1024]);
        var fault = await Assert.ThrowsAsync<RpcException>(() => SendAsync(daemon, [huge]));
        Assert.Equal(StatusCode.ResourceExhausted, fault.StatusCode);
        Assert.Equal(AckStatus.Accepted, Assert.Single(await SendAsync(daemon, [TestChunks.Make("dev-1", 0)])).Status);
    }

    private static async Task<List<ChunkAck>> SendAsync(TestDaemon daemon, IEnumerable<SampleChunk> chunks)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var call = new Protocol.V1.Ingest.IngestClient(daemon.Channel).StreamSamples(cancellationToken: Cancellation);
        var writing = WriteAsync(call.RequestStream, chunks, over.Token);
        try
        {
            return await ReadAsync(call.ResponseStream);
        }
        finally
        {
            // When the server ends a call whose writer waits for flow control, that write is at times never woken: only its own token ends it.
            await over.CancelAsync();
            await writing;
        }
    }

    private static async Task WriteAsync(IClientStreamWriter<SampleChunk> requests, IEnumerable<SampleChunk> chunks, CancellationToken over)
    {
        try
        {
            foreach (var chunk in chunks)
            {
                await requests.WriteAsync(chunk, over);
            }

            await requests.CompleteAsync();
        }
        catch (Exception fault) when (fault is RpcException or OperationCanceledException)
        {
            // The reader has the status.
        }
    }

    private static async Task<List<ChunkAck>> ReadAsync(IAsyncStreamReader<AckBatch> responses)
    {
        List<ChunkAck> acks = [];
        await foreach (var batch in responses.ReadAllAsync(Cancellation))
        {
            acks.AddRange(batch.Acks);
        }

        return acks;
    }
}
