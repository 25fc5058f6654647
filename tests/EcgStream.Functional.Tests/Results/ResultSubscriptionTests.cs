using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;

namespace EcgStream.Functional.Tests.Results;

/// <summary><c>Results.Subscribe</c>: what is stored, then what comes, without loss or repeat.</summary>
public sealed class ResultSubscriptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscribe_AfterACursorWhileTheDeviceStreams_GivesStoredThenLiveOnceEach()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var device = new SyntheticDevice("dev-1", new SynthSpec { Seed = 11 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 30, end: false, Cancellation);
        var half = device.EndUnixNs;
        var stored = await Following.ResultsToAsync(daemon.Channel, device.Id, 0, half, Cancellation);
        var k = stored.Count / 2;

        // The subscription is open, and in the middle of the stored ones, when the stream goes on.
        var following = Following.ResultsToAsync(daemon.Channel, device.Id, stored[k].Cursor, half + 30_000_000_000, Cancellation);
        await device.StreamAsync(daemon.GrpcEndpoint(), 60, end: true, Cancellation);
        var rest = await following;
        var whole = await Following.ResultsToAsync(daemon.Channel, device.Id, 0, device.EndUnixNs, Cancellation);

        Assert.Equal(whole.Skip(k + 1), rest);
        Assert.Equal(stored, whole.Take(stored.Count));
        Following.AssertNoneTwice(whole);
        Assert.All(whole.GroupBy(item => item.Result.Model), model =>
        {
            long[] starts = [.. model.Select(item => (long)item.Result.WindowStartUnixNs).Order()];
            Assert.Equal(51, starts.Length); // 60 s in windows of 10 s, 1 s apart
            Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.Equal(1_000_000_000, pair.Second - pair.First));
        });
    }

    [Fact]
    public async Task Subscribe_LiveOnly_LeavesOutWhatWasThere()
    {
        await using var daemon = await TestDaemon.StartAsync();
        var before = new SyntheticDevice("dev-before", new SynthSpec { Seed = 11 });
        await before.StreamAsync(daemon.GrpcEndpoint(), 15, end: true, Cancellation);
        var stored = await Following.ResultsToAsync(daemon.Channel, before.Id, 0, before.EndUnixNs, Cancellation);

        using var call = new Protocol.V1.Results.ResultsClient(daemon.Channel).Subscribe(new SubscribeResultsRequest { LiveOnly = true }, cancellationToken: Cancellation);
        await call.ResponseHeadersAsync.WaitAsync(Waiting.Patience, Cancellation);
        var after = new SyntheticDevice("dev-after", new SynthSpec { Seed = 12 });
        await after.StreamAsync(daemon.GrpcEndpoint(), 15, end: true, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation).WaitAsync(Waiting.Patience, Cancellation));
        Assert.Equal(after.Id, call.ResponseStream.Current.Result.DeviceId);
        Assert.True(call.ResponseStream.Current.Cursor > stored[^1].Cursor);
    }
}
