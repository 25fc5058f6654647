using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EcgStream.Client.Streaming;
using EcgStream.Core.Time;
using EcgStream.Protocol.V1;
using Spectre.Console;

namespace EcgStream.Load;

/// <summary>One run: start the daemon, let the generator stream, watch both, and judge at the end.</summary>
internal static class LoadRun
{
    /// <summary>Signals are rendered and connections prepared before the first device begins.</summary>
    private static readonly TimeSpan LeadTime = TimeSpan.FromSeconds(6);

    public static async Task<int> RunAsync(LoadOptions options)
    {
        await using var daemon = await DaemonProcess.StartAsync(CancellationToken.None);
        var begin = DateTimeOffset.FromUnixTimeMilliseconds((TimeProvider.System.GetUtcNow() + LeadTime).ToUnixTimeMilliseconds());
        using var channel = GrpcChannels.Open(new StreamEndpoint(StreamTransport.Grpc, "127.0.0.1", daemon.GrpcPort));
        var probes = new Probes(channel, options, begin.ToUnixNs());
        probes.Start();
        using var generator = StartGenerator(options, daemon, begin);
        var output = generator.StandardOutput.ReadToEndAsync();
        await Task.Delay(begin - TimeProvider.System.GetUtcNow());

        var idleBytes = daemon.ResidentBytes;
        var cpuBefore = daemon.CpuSeconds;
        var generatorCpuBefore = generator.TotalProcessorTime;
        var memory = await WatchAsync(options, daemon);
        var cpu = daemon.CpuSeconds - cpuBefore;
        generator.Refresh();
        var generatorCpu = generator.HasExited ? TimeSpan.Zero : generator.TotalProcessorTime - generatorCpuBefore;
        await generator.WaitForExitAsync();
        var sent = JsonSerializer.Deserialize<GeneratorReport>(await output) ?? throw new InvalidOperationException("The generator said nothing.");

        var monitor = new Protocol.V1.Monitor.MonitorClient(channel);
        var status = await SettledAsync(monitor, probes);
        await probes.DisposeAsync();
        var report = LoadReport.Of(options, daemon, sent, status, probes, memory, idleBytes, cpu, generatorCpu.TotalSeconds);
        report.Print();
        if (options.JsonPath.Length > 0)
        {
            await File.WriteAllTextAsync(options.JsonPath, report.ToJson());
        }

        Console.Out.WriteLine(report.ToJson());
        return report.Passed ? 0 : 1;
    }

    private static Process StartGenerator(LoadOptions options, DaemonProcess daemon, DateTimeOffset begin)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "EcgStream.Load.dll"), "generate",
            "--devices", Text(options.Devices), "--seconds", Text(options.Seconds), "--chunk-ms", Text(options.ChunkMilliseconds),
            "--grpc-port", Text(daemon.GrpcPort), "--mqtt-port", Text(daemon.MqttPort), "--begin-ms", Text(begin.ToUnixTimeMilliseconds()),
        ])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The generator could not be started.");
    }

    private static async Task<List<long>> WatchAsync(LoadOptions options, DaemonProcess daemon)
    {
        List<long> residentBytes = [];
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var task = progress.AddTask($"{options.Devices} devices", maxValue: options.Seconds);
            for (var second = 0; second < options.Seconds && !daemon.HasExited; second++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                residentBytes.Add(daemon.ResidentBytes);
                task.Increment(1);
            }
        });
        return residentBytes;
    }

    /// <summary>The totals once no window is under way any more, 10 s at most.</summary>
    private static async Task<PipelineStatus> SettledAsync(Protocol.V1.Monitor.MonitorClient monitor, Probes probes)
    {
        var status = await monitor.GetPipelineAsync(new GetPipelineRequest());
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (status.Windows <= status.Results + status.WindowsDropped && status.Beats <= status.BeatsStored && (ulong)probes.Results == status.ResultsStored)
            {
                break;
            }

            await Task.Delay(100);
            status = await monitor.GetPipelineAsync(new GetPipelineRequest());
        }

        return status;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
