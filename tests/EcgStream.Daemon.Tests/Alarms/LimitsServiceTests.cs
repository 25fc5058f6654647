using System.Net;
using EcgStream.Core.Beats;
using EcgStream.Daemon.Alarms.Limits;
using EcgStream.Daemon.Tests.Storage;
using EcgStream.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Lead = EcgStream.Core.Signals.Lead;
using LimitSet = EcgStream.Core.Arrhythmia.ArrhythmiaLimits;

namespace EcgStream.Daemon.Tests.Alarms;

/// <summary>The real server and client over a real socket, limits in a real database; rules on a manual clock.</summary>
public sealed class LimitsServiceTests : IAsyncLifetime
{
    private readonly StoreFixture _files = new();
    private EngineBench _bench = null!;
    private WebApplication _host = null!;
    private GrpcChannel _channel = null!;
    private AlarmLimits.AlarmLimitsClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await EngineBench.StartAsync(limits: new LimitStore(_files.Databases), settings: [("Arrhythmia:HighRateBpm", "110")]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(_bench.Engine);
        builder.Services.AddSingleton(_bench.Get<LimitBook>());
        _host = builder.Build();
        _host.MapGrpcService<LimitsService>();
        await _host.StartAsync();
        _channel = GrpcChannel.ForAddress(_host.Urls.First());
        _client = new AlarmLimits.AlarmLimitsClient(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
        await _bench.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task GetLimits_NeverChanged_AreThoseOfTheSettings()
    {
        var state = await _client.GetLimitsAsync(new GetLimitsRequest { DeviceId = "bed-1" });
        Assert.Equal((110, 4, false, 0ul), (state.Limits.HighRateBpm, state.Limits.AsystoleSeconds, state.Own, state.Version));
        Assert.All(ArrhythmiaLimits.Descriptor.Fields.InFieldNumberOrder(), field => Assert.True(field.Accessor.HasValue(state.Limits), field.Name));
    }

    [Fact]
    public async Task SetLimits_OneDevice_ChangesWhatIsSetOnlyThereAndIsAudited()
    {
        var set = await _client.SetLimitsAsync(new SetLimitsRequest
        {
            DeviceId = "bed-1", User = "nurse-1", Limits = new ArrhythmiaLimits { ExtremeTachycardiaBpm = 160, Couplets = false },
        });
        Assert.Equal((160, 110, false, true, 1ul, "nurse-1"), (set.Limits.ExtremeTachycardiaBpm, set.Limits.HighRateBpm, set.Limits.Couplets, set.Own, set.Version, set.ChangedBy));
        var other = await _client.GetLimitsAsync(new GetLimitsRequest { DeviceId = "bed-2" });
        Assert.Equal((140, true, false), (other.Limits.ExtremeTachycardiaBpm, other.Limits.Couplets, other.Own));
        var entry = Assert.Single(_files.Alarms.ReadAudit(10));
        Assert.Equal(("nurse-1", "set_limits", "bed-1"), (entry.Actor, entry.Action, entry.Subject));
        Assert.Equal("extreme_tachycardia_bpm 140 -> 160, couplets True -> False", entry.Detail);
    }

    [Fact]
    public async Task SetLimits_AllThenOne_TheOnesOwnWinUntilReset()
    {
        await Set("", new ArrhythmiaLimits { PauseSeconds = 2 });
        await Set("bed-1", new ArrhythmiaLimits { PauseSeconds = 2.5 });
        await Set("", new ArrhythmiaLimits { PauseSeconds = 1.8 });
        Assert.Equal(2.5, (await _client.GetLimitsAsync(new GetLimitsRequest { DeviceId = "bed-1" })).Limits.PauseSeconds);
        var back = await _client.SetLimitsAsync(new SetLimitsRequest { DeviceId = "bed-1", User = "u", Reset = true });
        Assert.Equal((1.8, false, 2ul), (back.Limits.PauseSeconds, back.Own, back.Version));
    }

    [Theory]
    [InlineData("extreme_tachycardia_bpm", "500", "60 to 300")]
    [InlineData("asystole_seconds", "12", "3 to 8")]
    [InlineData("pause_seconds", "5", "AsystoleSeconds (4)")]
    [InlineData("extreme_tachycardia_bpm", "105", "HighRateBpm (110)")]
    public async Task SetLimits_OutOfRange_RefusedWholeNamingFieldValueAndLimit(string field, string value, string limit)
    {
        var limits = new ArrhythmiaLimits { Couplets = false };
        ArrhythmiaLimits.Descriptor.FindFieldByName(field).Accessor.SetValue(limits, double.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await Set("bed-1", limits));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(field, refused.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(value, refused.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(limit, refused.Status.Detail, StringComparison.Ordinal);
        Assert.True((await _client.GetLimitsAsync(new GetLimitsRequest { DeviceId = "bed-1" })).Limits.Couplets);
        Assert.Empty(_files.Alarms.ReadAudit(10));
    }

    [Theory]
    [InlineData("bed 1", "u", "device_id")]
    [InlineData("bed-1", "", "user")]
    public async Task SetLimits_WithoutWhoOrForWhom_IsRefused(string device, string user, string named)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await _client.SetLimitsAsync(
            new SetLimitsRequest { DeviceId = device, User = user, Limits = new ArrhythmiaLimits { Couplets = false } }));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(named, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetLimits_SomebodyChangedThemMeanwhile_IsRefused()
    {
        await Set("bed-1", new ArrhythmiaLimits { PauseSeconds = 2 });
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await _client.SetLimitsAsync(
            new SetLimitsRequest { DeviceId = "bed-1", User = "u", Limits = new ArrhythmiaLimits { PauseSeconds = 2.2 }, ExpectedVersion = 0 }));
        Assert.Equal((StatusCode.FailedPrecondition, "expected_version: 0, it is 1"), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task SetLimits_NextStart_StillHold()
    {
        await Set("bed-1", new ArrhythmiaLimits { PauseSeconds = 2 });
        await Set("", new ArrhythmiaLimits { LowRateBpm = 45 });
        await using var next = await _bench.RestartAsync();
        Assert.Equal((2, 50), (next.Get<LimitBook>().For("bed-1").PauseSeconds, next.Get<LimitBook>().For("bed-1").LowRateBpm));
        Assert.Equal(45, next.Get<LimitBook>().For("bed-2").LowRateBpm);
    }

    [Fact]
    public async Task SetLimits_WhileADeviceRuns_JudgesItsNextBeats()
    {
        _bench.Status("bed-1", 0.1, null);
        var time = Beats(0, 20);
        await Set("bed-1", new ArrhythmiaLimits { ExtremeTachycardiaBpm = 125 });
        Beats(time, 1);
        var raised = (await _bench.PublishedAsync(1))[0];
        Assert.Equal((AlarmCondition.ExtremeTachycardia, AlarmPriority.High), (raised.Condition, raised.Priority));
    }

    [Fact]
    public void Fields_AreThePropertiesOfTheRulesLimits()
    {
        var fields = ArrhythmiaLimits.Descriptor.Fields.InFieldNumberOrder().Select(field => field.PropertyName).Order();
        Assert.Equal(typeof(LimitSet).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(), fields);
        var limits = new LimitSet { ExtremeTachycardiaBpm = 177, Bigeminy = false, PrematurePerMinute = 7 };
        Assert.Equal(limits, new LimitSet().With(limits.ToWire()));
    }

    private double Beats(double time, int count)
    {
        for (var i = 0; i < count; i++)
        {
            time += 0.45;
            _bench.Engine.OnBeat(new Beat("bed-1", EngineBench.Session, EngineBench.At(time), 450, 1, Lead.II, _bench.Clock.GetTimestamp()));
            _bench.Status("bed-1", time, time);
        }

        return time;
    }

    private async Task<LimitsState> Set(string device, ArrhythmiaLimits limits) =>
        await _client.SetLimitsAsync(new SetLimitsRequest { DeviceId = device, User = "u", Limits = limits });
}
