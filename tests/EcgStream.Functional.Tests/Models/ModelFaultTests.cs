using EcgStream.Protocol.V1;
using EcgStream.Simulator.Synth;
using EcgStream.Testing.Models;

namespace EcgStream.Functional.Tests.Models;

/// <summary>
/// Models that throw in the real runtime on every window: who is told, what goes on being watched, and that it ends by
/// itself.
/// </summary>
public sealed class ModelFaultTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "models");
    private static readonly string[] BeatModels = ["beat-1lead", "beat-2lead"];

    private static readonly SynthSpec Tachycardia = new()
    {
        Rhythm = RhythmKind.PrematureVentricular, PvcRunLength = 200, PvcPerMinute = 60, Seed = 4,
        Onset = TimeSpan.FromSeconds(15),
    };

    private readonly string _models = Directory.CreateTempSubdirectory("ecgstream-models-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_models, recursive: true);

    [Fact]
    public async Task BeatModels_Throw_TachycardiaIsAlarmedTheFaultIsToldAndEndsWhenTheyAnswer()
    {
        foreach (var model in BeatModels)
        {
            TestModels.WriteThrowing(Shipped, model, Path.Combine(_models, model));
        }

        await using var daemon = await TestDaemon.StartAsync(
            null, $"--Inference:ModelsPath={_models}", "--Inference:ReloadDelay=00:00:00.050",
            "--Inference:MaxReloadDelay=00:00:00.200");
        var device = new SyntheticDevice("bed-1", Tachycardia);
        await device.StreamAsync(daemon.GrpcEndpoint(), 45, end: false, Cancellation);

        var alarms = await Following.AlarmsAsync(
            daemon.Channel, device.Id, 0,
            read => Has(read, AlarmCondition.VentricularTachycardia) && Has(read, AlarmCondition.ModelNotAnswering),
            Cancellation);
        var tachycardia = alarms.First(alarm => alarm.Condition == AlarmCondition.VentricularTachycardia);
        Assert.Equal((AlarmTransition.Raised, AlarmPriority.High), (tachycardia.Transition, tachycardia.Priority));
        Assert.InRange(((long)tachycardia.EventUnixNs - device.StartUnixNs) / 1e9, 15, 26);
        var fault = alarms.First(alarm => alarm.Condition == AlarmCondition.ModelNotAnswering);
        Assert.Equal(
            ("$daemon", AlarmTransition.Raised, AlarmPriority.Medium, AlarmKind.Technical, "model/beat-2lead"),
            (fault.DeviceId, fault.Transition, fault.Priority, fault.Kind, fault.Source));
        await AssertToldAsync(daemon, "beat-2lead");

        foreach (var model in BeatModels)
        {
            TestModels.Copy(Shipped, model, Path.Combine(_models, model));
        }

        // An attempt on the shipped model has to find windows, to show that it answers.
        await device.StreamAsync(daemon.GrpcEndpoint(), 60, end: false, Cancellation);
        await Waiting.UntilAsync(
            async () =>
            {
                await device.StreamAsync(daemon.GrpcEndpoint(), device.Seconds + 1, end: false, Cancellation);
                return (await PipelineAsync(daemon)).Models.All(model => model.State == ModelState.Answering);
            },
            "the models to answer", Cancellation);
        var after = await Following.AlarmsAsync(
            daemon.Channel, device.Id, alarms[^1].Cursor, EndsWithModel, Cancellation);
        Assert.Equal((fault.AlarmId, AlarmTransition.Cleared), (after[^1].AlarmId, after[^1].Transition));
        var healed = (await PipelineAsync(daemon)).Models.Single(model => model.Name == "beat-2lead");
        Assert.True(healed.Reloads > 0);
    }

    /// <summary>
    /// Windows that wait for others longer than the limit, as they would for a model that is too slow.
    /// </summary>
    [Fact]
    public async Task Model_IsBehind_IsToldAndEndsWhenItHasCaughtUp()
    {
        const string Good = "rhythm-12lead-normal-abnormal";
        TestModels.Copy(Shipped, Good, Path.Combine(_models, Good));
        await using var daemon = await TestDaemon.StartAsync(
            null, $"--Inference:ModelsPath={_models}", "--Inference:MaxDelay=00:00:05",
            "--Inference:LagLimit=00:00:00.100");
        var device = new SyntheticDevice("bed-1", new SynthSpec { Seed = 4 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 15, end: false, Cancellation);

        var alarms = await Following.AlarmsAsync(
            daemon.Channel, device.Id, 0, read => EndsWithModel(read) && read[^1].State == AlarmState.Cleared,
            Cancellation);
        var raised = alarms.First(alarm => alarm.Condition == AlarmCondition.ModelNotAnswering);
        Assert.Equal($"** Results are missing: model {Good} is behind", raised.Message);
        Assert.Equal(raised.AlarmId, alarms[^1].AlarmId);
        Assert.Empty(daemon.Errors);
    }

    [Fact]
    public async Task OptionalModel_Throws_IsLowAndTheOthersAnswer()
    {
        const string Good = "rhythm-12lead-normal-abnormal";
        TestModels.Copy(Shipped, Good, Path.Combine(_models, Good));
        TestModels.WriteThrowing(Shipped, Good, Path.Combine(_models, "optional", "throws"));
        await using var daemon = await TestDaemon.StartAsync(
            null, $"--Inference:ModelsPath={_models}", "--Inference:OptionalModels=throws");
        var device = new SyntheticDevice("bed-1", new SynthSpec { Seed = 4 });
        await device.StreamAsync(daemon.GrpcEndpoint(), 30, end: false, Cancellation);

        var alarms = await Following.AlarmsAsync(daemon.Channel, device.Id, 0, EndsWithModel, Cancellation);
        Assert.Equal((AlarmPriority.Low, "model/throws"), (alarms[^1].Priority, alarms[^1].Source));
        await AssertToldAsync(daemon, "throws");
        await Following.ResultsAsync(daemon.Channel, device.Id, 0, read => read[^1].Result.Model == Good, Cancellation);
    }

    private static bool Has(List<AlarmEvent> read, AlarmCondition condition) =>
        read.Exists(alarm => alarm.Condition == condition);

    private static bool EndsWithModel(List<AlarmEvent> read) => read[^1].Condition == AlarmCondition.ModelNotAnswering;

    /// <summary>In health, which stays ready, on the page of metrics, and in the command that lists devices.</summary>
    private static async Task AssertToldAsync(TestDaemon daemon, string model)
    {
        using var http = new HttpClient { BaseAddress = daemon.Http };
        var health = await http.GetStringAsync("/health/ready", Cancellation);
        Assert.Contains("Degraded", health, StringComparison.Ordinal);
        Assert.Contains($"{model} gives no results", health, StringComparison.Ordinal);
        var page = await http.GetStringAsync("/metrics", Cancellation);
        var failed = $"ecg_inference_not_answering{{model=\"{model}\",state=\"failed\"}} 1";
        Assert.Contains(failed, page, StringComparison.Ordinal);
        Assert.Matches($"(?m)^ecg_inference_reloads_total{{model=\"{model}\"}} [1-9]", page);
        Assert.Matches($"(?m)^ecg_inference_batches_failed_total{{model=\"{model}\"}} [1-9]", page);
        Assert.Matches($"(?m)^ecg_inference_lag_seconds{{model=\"{model}\"}} [0-9]", page);
        var to = $"grpc://127.0.0.1:{daemon.Grpc.Port}";
        var (code, devices, error) = await DaemonProcess.RunAsync(Cancellation, "devices", "--to", to);
        Assert.True(code == 0, error);
        Assert.Matches($"(?m)^{model} +Failed ", devices);
    }

    private static async Task<PipelineStatus> PipelineAsync(TestDaemon daemon)
    {
        var monitor = new Protocol.V1.Monitor.MonitorClient(daemon.Channel);
        return await monitor.GetPipelineAsync(new GetPipelineRequest(), cancellationToken: Cancellation);
    }
}
