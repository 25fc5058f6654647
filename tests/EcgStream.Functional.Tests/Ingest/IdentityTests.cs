using EcgStream.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EcgStream.Functional.Tests.Ingest;

/// <summary>Who may write a device's stream, and what a sequence number stands for.</summary>
public sealed class IdentityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_OtherSamplesUnderAKnownNumber_AreRefusedAndTheSameAreDuplicates()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using (var first = new Connection(daemon))
        {
            for (ulong sequence = 0; sequence < 4; sequence++)
            {
                Assert.Equal(AckStatus.Accepted, (await first.SendAsync(TestChunks.Make("dev-1", sequence))).Status);
            }

            await first.EndAsync();
        }

        // A device that has started again and repeats session and numbers.
        using var second = new Connection(daemon);
        var other = TestChunks.Make("dev-1", 2);
        var bytes = other.Samples.ToByteArray();
        bytes[0] ^= 1;
        other.Samples = ByteString.CopyFrom(bytes);
        var refused = await second.SendAsync(other);
        Assert.Equal((AckStatus.Refused, RefusalReason.SequenceReused, "sequence"), (refused.Status, refused.Refusal.Reason, refused.Refusal.Field));
        Assert.Equal(AckStatus.Duplicate, (await second.SendAsync(TestChunks.Make("dev-1", 2))).Status);
        Assert.Equal(AckStatus.Accepted, (await second.SendAsync(TestChunks.Make("dev-1", 4))).Status);
    }

    [Fact]
    public async Task Stream_AnotherConnectionNamesALiveDevice_IsRefusedUntilTheFirstCloses()
    {
        await using var daemon = await TestDaemon.StartAsync();
        using var first = new Connection(daemon);
        using var second = new Connection(daemon);
        Assert.Equal(AckStatus.Accepted, (await first.SendAsync(TestChunks.Make("dev-1", 0))).Status);
        var refused = await second.SendAsync(TestChunks.Make("dev-1", 0, session: 8));
        Assert.Equal((AckStatus.Refused, RefusalReason.SecondWriter), (refused.Status, refused.Refusal.Reason));
        Assert.Equal(AckStatus.Accepted, (await first.SendAsync(TestChunks.Make("dev-1", 1))).Status);

        // The real device has started again: its first connection is closed.
        await first.EndAsync();
        Assert.Equal(AckStatus.Accepted, (await second.SendAsync(TestChunks.Make("dev-1", 0, session: 8))).Status);
    }

    /// <summary>One call, answer by answer.</summary>
    private sealed class Connection(TestDaemon daemon) : IDisposable
    {
        private readonly AsyncDuplexStreamingCall<SampleChunk, AckBatch> _call =
            new Protocol.V1.Ingest.IngestClient(daemon.Channel).StreamSamples(cancellationToken: Cancellation);

        public async Task<ChunkAck> SendAsync(SampleChunk chunk)
        {
            await _call.RequestStream.WriteAsync(chunk, Cancellation);
            Assert.True(await _call.ResponseStream.MoveNext(Cancellation));
            return Assert.Single(_call.ResponseStream.Current.Acks);
        }

        public async Task EndAsync()
        {
            await _call.RequestStream.CompleteAsync();
            Assert.False(await _call.ResponseStream.MoveNext(Cancellation));
        }

        public void Dispose() => _call.Dispose();
    }
}
