using System.CommandLine;
using System.Globalization;
using EcgStream.Client.Streaming;
using EcgStream.Client.Subscriptions;
using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Monitor;
using EcgStream.Protocol.V1;
using EcgStream.Simulator.Fleet;

namespace EcgStream.Daemon.Demo;

/// <summary>
/// <c>ecgstreamd demo</c>: the whole daemon on free ports and a temporary folder, and synthetic patients that stream to it over real MQTT
/// and gRPC sockets. Alarms are printed as a subscriber gets them (stderr), the summary as one line of JSON (stdout).
/// </summary>
internal static class DemoCommand
{
    private const int DefaultSeconds = 45;
    private const int MinSeconds = 15;
    private const int MaxSeconds = 86_400;

    /// <summary>How long the last windows may take to become stored results.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var seconds = new Option<int>("--seconds")
        {
            Description = $"How long, {MinSeconds} to {MaxSeconds}.",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultSeconds,
            CustomParser = static result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
                    && given is >= MinSeconds and <= MaxSeconds)
                {
                    return given;
                }

                result.AddError($"--seconds takes a whole number from {MinSeconds} to {MaxSeconds}, not '{result.Tokens[0].Value}'.");
                return 0;
            },
        };
        var command = new Command(
            "demo",
            "Runs the daemon with synthetic patients on free ports and a temporary folder: alarms as they come, a one-line JSON summary "
            + "on stdout at the end. Exit 1 when anything was lost.")
        {
            seconds,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(seconds)));
        return command;
    }

    private static async Task<int> RunAsync(int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("ecgstream-demo-");
        try
        {
            return await RunAsync(folder.FullName, TimeSpan.FromSeconds(seconds), TimeProvider.System);
        }
        catch (Exception fault) when (StartFault.Explain(fault) is { } lines)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, lines.Select(line => $"ecgstreamd: {line}")));
            return RunCommand.StartRefused;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, TimeSpan duration, TimeProvider clock)
    {
        var ports = FreePort.Take(3);
        await using var app = DaemonHost.Build(
        [
            $"--Storage:DataDirectory={folder}",
            "--Ingest:Grpc:BindAddress=127.0.0.1", $"--Ingest:Grpc:Port={ports[0]}",
            "--Ingest:Mqtt:BindAddress=127.0.0.1", $"--Ingest:Mqtt:Port={ports[1]}",
            "--Http:BindAddress=127.0.0.1", $"--Http:Port={ports[2]}",
            "--Logging:LogLevel:Default=Warning",
        ]);
        await Console.Error.WriteLineAsync(Product.NotAMedicalDevice);
        await app.StartAsync();
        var patients = DemoPatients.For(duration);
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{patients.Count} synthetic patients stream for {duration.TotalSeconds:0} s; gRPC {ports[0]}, MQTT {ports[1]}, http://127.0.0.1:{ports[2]}/health/ready"));

        var endpoints = new FleetEndpoints(
            new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", ports[0]), new StreamEndpoint(StreamTransport.Mqtt, "127.0.0.1", ports[1]));
        using var following = new CancellationTokenSource();
        using var channel = GrpcChannels.Open(endpoints.Grpc!);
        var alarms = new DemoAlarms(clock);
        var follow = alarms.FollowAsync(new AlertSubscription(channel, 0, [], AlarmPriority.Unspecified, TimeSpan.FromSeconds(10), clock), following.Token);

        var totals = await SyntheticFleet.RunAsync(patients, endpoints, duration, new FleetOptions(), clock, CancellationToken.None);
        var source = app.Services.GetRequiredService<IPipelineStatusSource>();
        await SettleAsync(source, alarms, clock);
        var summary = DemoSummary.Of(duration, totals, source.ListDevices(), source.GetPipeline(), alarms);
        await following.CancelAsync();
        await follow;
        await app.StopAsync();

        await Console.Out.WriteLineAsync(summary.ToJson());
        return summary.Lost == 0 && totals.All(total => total.Fault is null) ? 0 : 1;
    }

    /// <summary>Waits until every window has its result stored, every beat too, and every transition has reached the subscriber.</summary>
    private static async Task SettleAsync(IPipelineStatusSource source, DemoAlarms alarms, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < SettleLimit)
        {
            var status = source.GetPipeline();
            if (status.Windows <= status.ResultsStored + status.WindowsDropped && status.Beats <= status.BeatsStored && (ulong)alarms.Transitions >= status.AlarmTransitions)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), clock);
        }
    }
}
