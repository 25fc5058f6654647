using System.Text.RegularExpressions;
using EcgStream.Functional.Tests;
using EcgStream.Interop.Tests.Mqtt;
using EcgStream.Simulator.Synth;
using EcgStream.Testing;

namespace EcgStream.Interop.Tests.Deploy;

/// <summary>The runbook: its commands run as they stand, and every alert has its heading.</summary>
public sealed partial class RunbookTests(ITestOutputHelper output)
{
    private static readonly string Runbook = File.ReadAllText(RepositoryFiles.Find("deploy/runbook.md"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_MarkedTested_EndWellOnARunningDaemon()
    {
        Assert.SkipWhen(!File.Exists("/usr/bin/curl"), "curl is not installed.");
        var folder = Directory.CreateTempSubdirectory("ecgstream-runbook-").FullName;
        await using (var daemon = await TestDaemon.StartAsync(null, "--Storage:Influx:Url=http://127.0.0.1:1"))
        {
            var device = new SyntheticDevice("dev-runbook", new SynthSpec { Rhythm = RhythmKind.Asystole, Seed = 5, Onset = TimeSpan.FromSeconds(12) });
            await device.StreamAsync(daemon.GrpcEndpoint(), 25, end: false, Cancellation);

            // ecgstreamd as it is called on a server, with this daemon's ports in the environment; curl's port is the default in the text.
            var program = Path.Combine(folder, "ecgstreamd");
            await File.WriteAllTextAsync(
                program,
                $"#!/bin/sh\nexport ECGSTREAM_Ingest__Grpc__BindAddress=127.0.0.1 ECGSTREAM_Ingest__Grpc__Port={daemon.Grpc.Port} ECGSTREAM_Http__BindAddress=127.0.0.1 ECGSTREAM_Http__Port={daemon.Http.Port} "
                + $"ECGSTREAM_Ingest__Mqtt__Port={daemon.MqttPort} ECGSTREAM_Storage__DataDirectory={daemon.DataDirectory}\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "ecgstreamd.dll")} \"$@\"\n",
                Cancellation);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

            var commands = Blocks().Where(block => block.Mark.StartsWith("tested", StringComparison.Ordinal))
                .SelectMany(block => block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (Line: line, Fails: block.Mark.Contains("fails", StringComparison.Ordinal)))).Distinct().ToList();
            Assert.True(commands.Count >= 10, $"{commands.Count} tested commands");
            foreach (var (line, fails) in commands)
            {
                var text = line.Replace("localhost:8080", daemon.Http.Authority, StringComparison.Ordinal);
                await using var shell = PeerProcess.Start("bash", "-c", $"export PATH={folder}:$PATH; set -o pipefail; {text}; echo \"exit $?\"");
                var said = await shell.EndAsync();
                output.WriteLine($"$ {line}\n{said}");
                Assert.True(said.Contains("exit 0", StringComparison.Ordinal) != fails, $"{line}\n{said}");
                Assert.True(said.Trim().Length > "exit 0".Length, $"{line} prints nothing");
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Blocks_OfTheRunbook_SayWhetherTheyAreTested()
    {
        string[] marks = ["tested", "tested fails", "systemd", "compose", "root", "example"];
        Assert.All(Blocks(), block => Assert.Contains(block.Mark, marks));
    }

    [Theory]
    [InlineData("prometheus/alerts.yml")]
    [InlineData("grafana/provisioning/alerting/pipeline.yaml")]
    public void Alerts_NameAHeading_ThatTheRunbookHas(string file)
    {
        var headings = Heading().Matches(Runbook).Select(match => match.Groups[1].Value.ToLowerInvariant().Replace(' ', '-')).ToHashSet(StringComparer.Ordinal);
        var named = RunbookOf().Matches(File.ReadAllText(RepositoryFiles.Find("deploy/" + file))).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(named.Count >= 6, $"{named.Count} headings named");
        Assert.DoesNotContain(named, name => !headings.Contains(name));
    }

    [Fact]
    public void Metrics_NamedInRunbookAndAlerts_ExistInTheSource()
    {
        var sources = string.Concat(Directory.GetFiles(RepositoryFiles.Find("src"), "*Metrics.cs", SearchOption.AllDirectories).Append(RepositoryFiles.Find("src/EcgStream.Daemon/Telemetry/GpuMonitor.cs"))
            .Concat(Directory.GetFiles(RepositoryFiles.Find("src/EcgStream.Daemon"), "*Queue*.cs", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(RepositoryFiles.Find("src/EcgStream.Daemon"), "*.cs", SearchOption.AllDirectories)).Distinct().Select(File.ReadAllText));
        var instruments = Instrument().Matches(sources).Select(match => match.Groups[1].Value.Replace('.', '_')).ToHashSet(StringComparer.Ordinal);
        var named = Metric().Matches(Runbook + File.ReadAllText(RepositoryFiles.Find("deploy/prometheus/alerts.yml"))).Select(match => match.Value).Distinct().ToList();
        Assert.DoesNotContain(named, name => !instruments.Any(instrument => name.StartsWith(instrument, StringComparison.Ordinal) || instrument.StartsWith(name.TrimEnd('_'), StringComparison.Ordinal)));
    }

    private static IEnumerable<(string Mark, string Text)> Blocks() => Fence().Matches(Runbook).Select(match => (match.Groups[1].Value.Trim(), match.Groups[2].Value));

    [GeneratedRegex("```sh ?([^\n]*)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("runbook\"?: \"?([a-z-]+)")]
    private static partial Regex RunbookOf();

    [GeneratedRegex("\"(ecg\\.[a-z_.]+)\"")]
    private static partial Regex Instrument();

    [GeneratedRegex("(?<![a-z_.])ecg_[a-z_]+")]
    private static partial Regex Metric();
}
