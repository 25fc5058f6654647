using EcgStream.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace EcgStream.StandIns.Tests.Grpc;

/// <summary>The real server and client over a real socket, on the surface that Grpc.Core.Api gives them.</summary>
public sealed class GrpcCallsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    public async Task StreamSamples_ManyChunks_EachIsAcknowledgedInOrder(string? compression)
    {
        await using var host = await GrpcHost.StartAsync(compression);
        using var call = new Ingest.IngestClient(host.Channel).StreamSamples(cancellationToken: Stop);
        var writing = Task.Run(
            async () =>
            {
                for (ulong sequence = 0; sequence < 500; sequence++)
                {
                    await call.RequestStream.WriteAsync(Chunk("bed-1", sequence), Stop);
                }

                await call.RequestStream.CompleteAsync();
            },
            Stop);
        ulong expected = 0;
        await foreach (var batch in call.ResponseStream.ReadAllAsync(Stop))
        {
            foreach (var ack in batch.Acks)
            {
                Assert.Equal(expected++, ack.Sequence);
                Assert.Equal(AckStatus.Accepted, ack.Status);
            }
        }

        await writing;
        Assert.Equal(500ul, expected);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal(EchoIngest.TrailerBytes, call.GetTrailers().GetValueBytes("X-Proof-Bin"));
    }

    [Fact]
    public async Task StreamSamples_HeadersCredentialsAndInterceptors_ReachTheMethod()
    {
        await using var host = await GrpcHost.StartAsync();
        var invoker = host.Channel.Intercept(headers =>
        {
            headers.Add("x-device-site", "icu-2");
            return headers;
        });
        var credentials = CallCredentials.FromInterceptor((context, metadata) =>
        {
            Assert.EndsWith("ecgstream.v1.Ingest", context.ServiceUrl, StringComparison.Ordinal);
            metadata.Add("Authorization", "Bearer one");
            return Task.CompletedTask;
        });
        using var call = new Ingest.IngestClient(invoker).StreamSamples(new CallOptions(cancellationToken: Stop).WithCredentials(credentials));
        var headers = await call.ResponseHeadersAsync;
        Assert.Equal("/ecgstream.v1.Ingest/StreamSamples", headers.GetValue("x-method"));
        Assert.Equal("icu-2", headers.GetValue("x-seen"));
        Assert.Equal("Bearer one", headers.GetValue("x-token"));
        Assert.Equal("was here", headers.GetValue("x-user-state"));
    }

    [Fact]
    public async Task StreamSamples_MethodThrowsRpcException_ClientSeesStatusDetailAndTrailers()
    {
        await using var host = await GrpcHost.StartAsync();
        using var call = new Ingest.IngestClient(host.Channel).StreamSamples(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(Chunk("refused", 1), Stop);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Equal("no room for refused", failure.Status.Detail);
        Assert.Equal("20000", failure.Trailers.GetValue("x-limit"));
    }

    [Fact]
    public async Task StreamSamples_DeadlinePasses_EndsTheCallOnBothSides()
    {
        await using var host = await GrpcHost.StartAsync();
        // Long enough for a busy machine to have the call under way by then.
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2);
        using var call = new Ingest.IngestClient(host.Channel).StreamSamples(deadline: deadline, cancellationToken: Stop);
        await call.RequestStream.WriteAsync(Chunk("wait", 1), Stop);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        // Both sides watch the deadline. Where the server's timer is first, its reset of the stream reaches the client as CANCELLED.
        Assert.True(failure.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Cancelled, failure.ToString());
        Assert.True(TimeProvider.System.GetUtcNow().UtcDateTime >= deadline.AddMilliseconds(-20), "the call ended before its deadline");
        Assert.True(await host.Ingest.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop));
    }

    [Fact]
    public async Task StreamSamples_ClientDisposesTheCall_MethodIsCancelled()
    {
        await using var host = await GrpcHost.StartAsync();
        var call = new Ingest.IngestClient(host.Channel).StreamSamples(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(Chunk("bed-1", 1), Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        call.Dispose();
        Assert.True(await host.Ingest.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop));
    }

    [Fact]
    public async Task Subscribe_ServerStream_ArrivesWhole()
    {
        await using var host = await GrpcHost.StartAsync("gzip");
        using var call = new Alerts.AlertsClient(host.Channel).Subscribe(new SubscribeAlertsRequest { AfterCursor = 41 }, cancellationToken: Stop);
        var cursors = new List<ulong>();
        await foreach (var alarm in call.ResponseStream.ReadAllAsync(Stop))
        {
            Assert.Equal(1000, alarm.Message.Length);
            cursors.Add(alarm.Cursor);
        }

        Assert.Equal(Enumerable.Range(42, 100).Select(cursor => (ulong)cursor), cursors);
    }

    [Fact]
    public async Task Acknowledge_AsyncAndBlocking_GiveTheSameAnswer()
    {
        await using var host = await GrpcHost.StartAsync();
        var client = new Alerts.AlertsClient(host.Channel);
        var request = new AcknowledgeRequest { AlarmId = "a1", User = "nurse" };
        var response = await client.AcknowledgeAsync(request, cancellationToken: Stop);
        Assert.Equal("nurse", response.Alarm.AcknowledgedBy);
        Assert.Equal(response, client.Acknowledge(request, cancellationToken: Stop));
        var failure = Assert.Throws<RpcException>(() => client.Acknowledge(new AcknowledgeRequest { AlarmId = "a1" }, cancellationToken: Stop));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Fact]
    public async Task ListActive_NotImplementedByTheService_EndsWithUnimplemented()
    {
        await using var host = await GrpcHost.StartAsync();
        var client = new Alerts.AlertsClient(host.Channel);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.ListActiveAsync(new ListActiveRequest(), cancellationToken: Stop));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    [Fact]
    public async Task Acknowledge_ClientWithHost_SendsThatAuthority()
    {
        await using var host = await GrpcHost.StartAsync();
        var client = new Alerts.AlertsClient(host.Channel).WithHost("other.example");
        var response = await client.AcknowledgeAsync(new AcknowledgeRequest { AlarmId = "a2", User = "nurse" }, cancellationToken: Stop);
        Assert.Equal("a2", response.Alarm.AlarmId);
    }

    private static SampleChunk Chunk(string device, ulong sequence) => new()
    {
        DeviceId = device,
        SessionId = 7,
        Sequence = sequence,
        Leads = { Lead.I, Lead.Ii },
        SamplesPerLead = 100,
        Samples = ByteString.CopyFrom(new byte[400]),
    };
}
