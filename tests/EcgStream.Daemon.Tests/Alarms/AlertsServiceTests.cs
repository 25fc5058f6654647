using System.Net;
using System.Threading.Channels;
using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Feeds;
using EcgStream.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcgStream.Daemon.Tests.Alarms;

/// <summary>The real server and client over a real socket; rules on a manual clock.</summary>
public sealed class AlertsServiceTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly Channel<bool> _ended = Channel.CreateUnbounded<bool>(); // for each call that ends in the server
    private EngineBench _bench = null!;
    private WebApplication _host = null!;
    private GrpcChannel _channel = null!;
    private Alerts.AlertsClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await EngineBench.StartAsync(settings: [("Feeds:MaxSubscribers", "3"), ("Feeds:SubscriberCapacity", "8"), ("Feeds:MaxDeviceIds", "10")]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(_bench.Engine);
        builder.Services.AddSingleton(_bench.Feed);
        builder.Services.AddSingleton(_bench.Get<Microsoft.Extensions.Options.IOptions<FeedOptions>>());
        _host = builder.Build();
        _host.Use(async (_, call) =>
        {
            try
            {
                await call();
            }
            finally
            {
                _ended.Writer.TryWrite(true);
            }
        });
        _host.MapGrpcService<AlertsService>();
        await _host.StartAsync();
        _channel = GrpcChannel.ForAddress(_host.Urls.First());
        _client = new Alerts.AlertsClient(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
        await _bench.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task Subscribe_AfterACursor_StoredThenLive()
    {
        _bench.StandStill("a", 0);
        _bench.Recover("a", 5);
        await _bench.PublishedAsync(2);
        using var call = _client.Subscribe(new SubscribeAlertsRequest { AfterCursor = 1 }, cancellationToken: _patience.Token);
        Assert.Equal(2ul, (await NextAsync(call)).Cursor);
        _bench.StandStill("b", 0);
        var live = await NextAsync(call);
        Assert.Equal((3ul, "b"), (live.Cursor, live.DeviceId));
        Assert.Equal(_bench.Journal.Stored()[2], live);
    }

    [Fact]
    public async Task Subscribe_LiveOnly_LeavesOutWhatIsStored()
    {
        _bench.StandStill("a", 0);
        await _bench.PublishedAsync(1);
        using var call = _client.Subscribe(new SubscribeAlertsRequest { LiveOnly = true }, cancellationToken: _patience.Token);
        await call.ResponseHeadersAsync;
        _bench.StandStill("b", 0);
        Assert.Equal("b", (await NextAsync(call)).DeviceId);
    }

    [Fact]
    public async Task Subscribe_DevicesAndPriority_OnlyThose()
    {
        using var call = _client.Subscribe(
            new SubscribeAlertsRequest { DeviceIds = { "a", "c" }, MinPriority = AlarmPriority.High }, cancellationToken: _patience.Token);
        foreach (var device in new[] { "a", "b", "c" })
        {
            _bench.Status(device, 1, 1, leadsOff: 1u << 1);
            _bench.Status(device, 2, 2, leadsOff: 1u << 1);
            _bench.StandStill(device, 2);
        }

        Assert.Equal(["a Asystole", "c Asystole"], new[] { await NextAsync(call), await NextAsync(call) }.Select(e => $"{e.DeviceId} {e.Condition}"));
    }

    [Theory]
    [InlineData(1ul, false, StatusCode.OutOfRange)]
    [InlineData(1ul, true, StatusCode.InvalidArgument)]
    public async Task Subscribe_CursorThatCannotBe_IsRefused(ulong after, bool liveOnly, StatusCode status)
    {
        using var call = _client.Subscribe(new SubscribeAlertsRequest { AfterCursor = after, LiveOnly = liveOnly }, cancellationToken: _patience.Token);
        Assert.Equal(status, (await Assert.ThrowsAsync<RpcException>(() => NextAsync(call))).StatusCode);
    }

    [Fact]
    public async Task Subscribe_TooManyDevicesOrSubscribers_IsRefused()
    {
        using var many = _client.Subscribe(
            new SubscribeAlertsRequest { DeviceIds = { Enumerable.Range(0, 11).Select(i => $"d{i}") } }, cancellationToken: _patience.Token);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => NextAsync(many))).StatusCode);

        var calls = Enumerable.Range(0, 3).Select(_ => _client.Subscribe(new SubscribeAlertsRequest(), cancellationToken: _patience.Token)).ToList();
        foreach (var call in calls)
        {
            await call.ResponseHeadersAsync;
        }

        using var fourth = _client.Subscribe(new SubscribeAlertsRequest(), cancellationToken: _patience.Token);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => NextAsync(fourth))).StatusCode);
        calls.ForEach(call => call.Dispose());
        for (var ended = 0; ended < 5; ended++) // the two that were refused, too
        {
            await _ended.Reader.ReadAsync(_patience.Token);
        }

        Assert.Equal(0, _bench.Feed.Subscribers);
    }

    [Fact]
    public async Task Subscribe_ClientThatDoesNotRead_LosesNothingAndDelaysNobody()
    {
        const int Total = 4000;
        using var slow = _client.Subscribe(new SubscribeAlertsRequest(), cancellationToken: _patience.Token);
        using var quick = _client.Subscribe(new SubscribeAlertsRequest(), cancellationToken: _patience.Token);
        await slow.ResponseHeadersAsync;
        await quick.ResponseHeadersAsync;
        var quickReader = Task.Run(() => TakeAsync(quick, Total));
        for (var i = 0; i < Total; i++)
        {
            _bench.StandStill($"a-device-with-a-long-name-so-that-the-windows-of-the-connection-fill-{i}", 0);
        }

        var all = await quickReader;
        var late = await TakeAsync(slow, Total);
        Assert.Equal(Enumerable.Range(1, Total).Select(i => (ulong)i), all.Select(e => e.Cursor));

        // On a slow machine the quick one may see some before they are stored, and so marked; nothing else may differ.
        Assert.Equal(all.Select(alarm => new AlarmEvent(alarm) { NotStored = false }), late.Select(alarm => new AlarmEvent(alarm) { NotStored = false }));
        Assert.True(_bench.Feed.Fallbacks > 0, "the slow subscriber was never moved back to the store: the test shows nothing");
    }

    [Fact]
    public async Task ListActive_ThenSubscribeAfterItsCursor_MissesNothing()
    {
        _bench.Status("a", 1, 1, leadsOff: 1u << 1);
        _bench.Status("a", 2, 2, leadsOff: 1u << 1);
        _bench.StandStill("b", 0);
        await _bench.PublishedAsync(2);
        var active = await _client.ListActiveAsync(new ListActiveRequest());
        Assert.Equal([AlarmCondition.Asystole, AlarmCondition.LeadOff], active.Alarms.Select(a => a.Condition));
        Assert.Equal(2ul, active.Cursor);
        Assert.Equal("a", Assert.Single((await _client.ListActiveAsync(new ListActiveRequest { DeviceIds = { "a" } })).Alarms).DeviceId);

        using var call = _client.Subscribe(new SubscribeAlertsRequest { AfterCursor = active.Cursor }, cancellationToken: _patience.Token);
        _bench.Recover("b", 5);
        Assert.Equal((3ul, AlarmTransition.Latched), ((await NextAsync(call)) is var e ? e.Cursor : 0, e.Transition));
    }

    [Fact]
    public async Task Acknowledge_EachCase_HasItsStatus()
    {
        _bench.StandStill("a", 0);
        var id = (await _bench.PublishedAsync(1))[0].AlarmId;
        Assert.Equal(StatusCode.InvalidArgument, await StatusOf(new AcknowledgeRequest { AlarmId = id, User = " " }));
        Assert.Equal(StatusCode.InvalidArgument, await StatusOf(new AcknowledgeRequest { User = "nurse" }));
        Assert.Equal(StatusCode.NotFound, await StatusOf(new AcknowledgeRequest { AlarmId = "none", User = "nurse" }));

        var first = await _client.AcknowledgeAsync(new AcknowledgeRequest { AlarmId = id, User = "nurse" });
        Assert.Equal((AlarmState.Acknowledged, "nurse", 2ul), (first.Alarm.State, first.Alarm.AcknowledgedBy, first.Alarm.Cursor));
        var again = await _client.AcknowledgeAsync(new AcknowledgeRequest { AlarmId = id, User = "another" });
        Assert.Equal(first.Alarm, again.Alarm);

        _bench.Recover("a", 5);
        await _bench.PublishedAsync(3);
        Assert.Equal(StatusCode.FailedPrecondition, await StatusOf(new AcknowledgeRequest { AlarmId = id, User = "nurse" }));
    }

    private async Task<StatusCode> StatusOf(AcknowledgeRequest request) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await _client.AcknowledgeAsync(request))).StatusCode;

    private async Task<AlarmEvent> NextAsync(AsyncServerStreamingCall<AlarmEvent> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(_patience.Token));
        return call.ResponseStream.Current;
    }

    private async Task<List<AlarmEvent>> TakeAsync(AsyncServerStreamingCall<AlarmEvent> call, int count)
    {
        var got = new List<AlarmEvent>(count);
        while (got.Count < count)
        {
            got.Add(await NextAsync(call));
        }

        return got;
    }
}
