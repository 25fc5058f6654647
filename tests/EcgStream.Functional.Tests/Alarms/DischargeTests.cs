using EcgStream.Daemon.Alarms;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EcgStream.Functional.Tests.Alarms;

/// <summary>A device that was switched off without a word, and the end of waiting for it.</summary>
public sealed class DischargeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-discharge-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Discharge_SilentDevice_EndsItsAlarmsForGoodOverARestartAndItComesBackAsNew()
    {
        const string NoDataAfter = "--Alarms:NoDataAfter=00:00:06";
        var device = new SyntheticDevice("bed-1", new SynthSpec { Seed = 3 });
        ulong last;
        await using (var daemon = await TestDaemon.StartAsync(_folder, NoDataAfter))
        {
            await device.StreamAsync(daemon.GrpcEndpoint(), 20, end: false, Cancellation);
            var limits = new AlarmLimits.AlarmLimitsClient(daemon.Channel);
            await limits.SetLimitsAsync(new SetLimitsRequest
            {
                DeviceId = "bed-1", Limits = new ArrhythmiaLimits { HighRateBpm = 130 }, User = "nurse",
            });
            Assert.Equal(StatusCode.FailedPrecondition, await StatusOfAsync(daemon, "bed-1", "nurse"));
            var silent = await Following.AlarmsAsync(daemon.Channel, "bed-1", 0, EndsWithNoData, Cancellation);

            var to = $"grpc://127.0.0.1:{daemon.Grpc.Port}";
            var (code, output, error) = await DaemonProcess.RunAsync(
                Cancellation, "discharge", "bed-1", "--user", "nurse-1", "--to", to);
            Assert.True(code == 0, error);
            Assert.Equal("bed-1 is discharged.", output.Trim());
            var ended = await Following.AlarmsAsync(
                daemon.Channel, "bed-1", silent[^1].Cursor, EndsWithNoData, Cancellation);
            Assert.Equal((silent[^1].AlarmId, AlarmState.Cleared), (ended[^1].AlarmId, ended[^1].State));
            last = ended[^1].Cursor;

            Assert.Empty((await ListAsync(daemon)).Devices);
            var state = await limits.GetLimitsAsync(new GetLimitsRequest { DeviceId = "bed-1" });
            Assert.False(state.Own);
            var audit = daemon.Services.GetRequiredService<AlarmJournal>().ReadAudit(10);
            Assert.Contains(audit, entry => entry is { Actor: "nurse-1", Action: "discharge", Subject: "bed-1" });

            var engine = daemon.Services.GetRequiredService<AlarmEngine>();
            await Waiting.UntilAsync(() => engine.Devices == 0, "the device to be dropped", Cancellation);
            Assert.Equal(StatusCode.NotFound, await StatusOfAsync(daemon, "bed-1", "nurse"));
            Assert.Equal(StatusCode.InvalidArgument, await StatusOfAsync(daemon, "bed-1", " "));
            Assert.Equal(StatusCode.InvalidArgument, await StatusOfAsync(daemon, "no such id", "nurse"));
        }

        // The journal's tail still has its last chunks: they must not bring it back.
        await using var next = await TestDaemon.StartAsync(_folder, NoDataAfter);
        Assert.Empty((await ListAsync(next)).Devices);
        Assert.Equal(0, next.Services.GetRequiredService<AlarmEngine>().Devices);

        var totals = await device.StreamAsync(next.GrpcEndpoint(), 30, end: false, Cancellation);
        Assert.Equal((40, 0), (totals.Acked, totals.Refused));
        Assert.Equal("bed-1", Assert.Single((await ListAsync(next)).Devices).DeviceId);
        var again = await Following.AlarmsAsync(next.Channel, "bed-1", last, EndsWithNoData, Cancellation);
        Assert.Equal(AlarmTransition.Raised, again[^1].Transition);
        Assert.Empty(next.Errors);
    }

    private static bool EndsWithNoData(List<AlarmEvent> read) => read[^1].Condition == AlarmCondition.NoData;

    private static async Task<ListDevicesResponse> ListAsync(TestDaemon daemon)
    {
        var monitor = new Protocol.V1.Monitor.MonitorClient(daemon.Channel);
        return await monitor.ListDevicesAsync(new ListDevicesRequest(), cancellationToken: Cancellation);
    }

    private static async Task<StatusCode> StatusOfAsync(TestDaemon daemon, string device, string user)
    {
        var monitor = new Protocol.V1.Monitor.MonitorClient(daemon.Channel);
        var request = new DischargeRequest { DeviceId = device, User = user };
        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await monitor.DischargeAsync(request, cancellationToken: Cancellation));
        return refusal.StatusCode;
    }
}
