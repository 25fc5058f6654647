using EcgStream.Simulator.Synth;

namespace EcgStream.Functional.Tests.Commands;

/// <summary><c>devices</c>, <c>alarms</c> and <c>version</c> as processes beside a running daemon.</summary>
public sealed class QueryCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DevicesAndAlarms_AfterAnAsystole_ShowThemAndTakeTheAcknowledgement()
    {
        // The device falls silent while the commands start; its asystole must not end by that.
        await using var daemon = await TestDaemon.StartAsync(null, "--Alarms:NoDataAfter=00:01:00");
        var device = new SyntheticDevice("dev-commands", new SynthSpec { Rhythm = RhythmKind.Asystole, Seed = 5, Onset = TimeSpan.FromSeconds(12) });
        await device.StreamAsync(daemon.GrpcEndpoint(), 30, end: false, Cancellation);
        var to = $"grpc://127.0.0.1:{daemon.Grpc.Port}";

        var (code, devices, error) = await DaemonProcess.RunAsync(Cancellation, "devices", "--to", to);
        Assert.True(code == 0, error);
        Assert.Contains(devices.Split('\n'), line => line.StartsWith("dev-commands", StringComparison.Ordinal));

        var alarms = "";
        await Waiting.UntilAsync(
            async () =>
            {
                (code, alarms, error) = await DaemonProcess.RunAsync(Cancellation, "alarms", "--to", to);
                Assert.True(code == 0, error);
                return alarms.Contains("Asystole", StringComparison.Ordinal);
            },
            "the asystole among the alarms", Cancellation);
        var row = alarms.Split('\n').First(line => line.Contains("Asystole", StringComparison.Ordinal)).Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(("High", "Active", "dev-commands"), (row[0], row[1], row[2]));

        (code, var acknowledged, error) = await DaemonProcess.RunAsync(Cancellation, "alarms", "ack", row[5], "night-nurse", "--to", to);
        Assert.True(code == 0, error);
        Assert.Contains("Acknowledged", acknowledged, StringComparison.Ordinal);
        (code, _, error) = await DaemonProcess.RunAsync(Cancellation, "alarms", "ack", "no-such-alarm", "night-nurse", "--to", to);
        Assert.Equal(1, code);
        Assert.Contains("no alarm is no-such-alarm", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_NoDaemon_SaysSoInOneLine()
    {
        var (code, _, error) = await DaemonProcess.RunAsync(Cancellation, "devices", "--to", "grpc://127.0.0.1:1");
        Assert.Equal(1, code);
        Assert.StartsWith("ecgstreamd: no daemon answers at grpc://127.0.0.1:1", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Version_OfTheProgram_IsOneLine()
    {
        var (code, output, _) = await DaemonProcess.RunAsync(Cancellation, "version");
        Assert.Equal(0, code);
        Assert.Matches("^ecgstreamd \\d+\\.\\d+\\.\\d+", output);
    }
}
