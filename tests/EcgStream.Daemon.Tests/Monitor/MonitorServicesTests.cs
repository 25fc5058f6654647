using System.Net;
using EcgStream.Core.Results;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Ingest;
using EcgStream.Daemon.Monitor;
using EcgStream.Daemon.Pipeline;
using EcgStream.Daemon.Tests.Alarms;
using EcgStream.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wire = EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Tests.Monitor;

/// <summary>Results and the pipeline's state over a real socket.</summary>
public sealed class MonitorServicesTests : IAsyncLifetime
{
    private static readonly ModelIdentity Model = new("m", "1", [new("NSR", null, false), new("AF", null, true)]);
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly Store _store = new();
    private WebApplication _host = null!;
    private GrpcChannel _channel = null!;
    private ResultFeed _feed = null!;

    public async ValueTask InitializeAsync()
    {
        _store.Add("a");
        _store.Add("b");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddEcgMonitor(builder.Configuration);
        builder.Services.AddSingleton<IResultStore>(_store);
        builder.Services.AddSingleton<IPipelineStatusSource>(new Status());
        builder.Services.AddSingleton(
            new DeviceDischarge(new DeviceDirectory(), null!, null!, null!, TimeProvider.System));
        _host = builder.Build();
        _host.MapGrpcService<ResultsService>();
        _host.MapGrpcService<MonitorService>();
        await _host.StartAsync();
        _feed = _host.Services.GetRequiredService<ResultFeed>();
        _channel = GrpcChannel.ForAddress(_host.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task Subscribe_FromTheStart_StoredThenLiveWhetherTheStorePublishesOrAdvances()
    {
        using var call = new Wire.Results.ResultsClient(_channel).Subscribe(new Wire.SubscribeResultsRequest(), cancellationToken: _patience.Token);
        Assert.Equal(1ul, (await NextAsync(call)).Cursor);
        Assert.Equal(2ul, (await NextAsync(call)).Cursor);
        await EngineBench.UntilAsync(() => _feed.HasLiveSubscribers);

        var third = _store.Add("a");
        _feed.Publish(third.Cursor, third.Result);
        Assert.Equal(third, await NextAsync(call));
        var fourth = _store.Add("b");
        _feed.Advance(fourth.Cursor);
        Assert.Equal(fourth, await NextAsync(call));
    }

    [Fact]
    public async Task Subscribe_OneDeviceLiveOnly_OnlyThat()
    {
        using var call = new Wire.Results.ResultsClient(_channel).Subscribe(
            new Wire.SubscribeResultsRequest { LiveOnly = true, DeviceIds = { "b" } }, cancellationToken: _patience.Token);
        await call.ResponseHeadersAsync;
        foreach (var device in new[] { "a", "b" })
        {
            var added = _store.Add(device);
            _feed.Publish(added.Cursor, added.Result);
        }

        Assert.Equal((4ul, "b"), ((await NextAsync(call)) is var e ? e.Cursor : 0, e.Result.DeviceId));
    }

    [Fact]
    public async Task Subscribe_CursorNeverGivenOut_IsRefused()
    {
        using var call = new Wire.Results.ResultsClient(_channel).Subscribe(new Wire.SubscribeResultsRequest { AfterCursor = 3 }, cancellationToken: _patience.Token);
        Assert.Equal(StatusCode.OutOfRange, (await Assert.ThrowsAsync<RpcException>(() => NextAsync(call))).StatusCode);
    }

    [Fact]
    public async Task Monitor_ListDevicesAndPipeline_AreTheSources()
    {
        var client = new Wire.Monitor.MonitorClient(_channel);
        Assert.Equal("a", Assert.Single((await client.ListDevicesAsync(new Wire.ListDevicesRequest())).Devices).DeviceId);
        Assert.Equal(5ul, (await client.GetPipelineAsync(new Wire.GetPipelineRequest())).Windows);
    }

    [Fact]
    public void ToWire_AResult_CarriesScoresInLabelOrderAndTheLatency()
    {
        var clock = new ManualTimeProvider();
        var wire = new RhythmResult(
            "a", 7, Model, 1, 2, [0.25f, 0.75f], 1, true, 0.75f, WindowMarks.Interpolated | WindowMarks.PoorQuality, 0, clock.TimestampFrequency / 10).ToWire(clock);
        Assert.Equal(["NSR 0.25", "AF 0.75"], wire.Scores.Select(s => FormattableString.Invariant($"{s.Label} {s.Score}")));
        Assert.Equal(("a", 7ul, "m", "1", 1ul, 2ul), (wire.DeviceId, wire.SessionId, wire.Model, wire.ModelVersion, wire.WindowStartUnixNs, wire.WindowEndUnixNs));
        Assert.Equal((1u, true, 5u), (wire.PredictedIndex, wire.Abnormal, wire.WindowMarks));
        Assert.Equal(100, wire.LatencyMs, 1e-3);
    }

    private async Task<Wire.ResultEvent> NextAsync(AsyncServerStreamingCall<Wire.ResultEvent> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(_patience.Token));
        return call.ResponseStream.Current;
    }

    private sealed class Status : IPipelineStatusSource
    {
        public IReadOnlyList<Wire.DeviceStatus> ListDevices() => [new Wire.DeviceStatus { DeviceId = "a" }];

        public Wire.PipelineStatus GetPipeline() => new() { Windows = 5 };
    }

    private sealed class Store : IResultStore
    {
        private readonly List<Wire.ResultEvent> _items = [];

        public ulong LastCursor
        {
            get
            {
                lock (_items)
                {
                    return (ulong)_items.Count;
                }
            }
        }

        public Wire.ResultEvent Add(string device)
        {
            lock (_items)
            {
                _items.Add(new Wire.ResultEvent { Cursor = (ulong)_items.Count + 1, Result = new Wire.RhythmResult { DeviceId = device } });
                return _items[^1];
            }
        }

        public ValueTask<IReadOnlyList<Wire.ResultEvent>> ReadAfterAsync(ulong cursor, int limit, CancellationToken cancellationToken)
        {
            lock (_items)
            {
                return ValueTask.FromResult<IReadOnlyList<Wire.ResultEvent>>(_items.Skip((int)cursor).Take(limit).ToList());
            }
        }
    }
}
