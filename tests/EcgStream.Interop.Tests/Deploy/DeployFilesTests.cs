using EcgStream.Interop.Tests.Mqtt;
using EcgStream.Testing;

namespace EcgStream.Interop.Tests.Deploy;

/// <summary>The compose file, the image's recipe, the unit and the scripts, as far as tools without a Docker daemon and an init system can judge.</summary>
public sealed class DeployFilesTests
{
    private static readonly string Folder = RepositoryFiles.Find("deploy");

    [Fact]
    public async Task Compose_WithItsSecrets_IsValidAndHardened()
    {
        var compose = PeerProcess.Require("docker-compose", "docker-compose");
        var env = Path.GetTempFileName();
        await File.WriteAllTextAsync(env, "ECGSTREAM_MQTT_PASSWORD=a\nECGSTREAM_INFLUX_PASSWORD=b\nECGSTREAM_INFLUX_TOKEN=c\nECGSTREAM_GRAFANA_PASSWORD=d\n");
        await using var config = PeerProcess.Start(compose, "-f", Path.Combine(Folder, "compose.yml"), "--env-file", env, "config");
        var written = await config.EndAsync();
        File.Delete(env);
        foreach (var service in (string[])["ecgstreamd:", "mosquitto:", "influxdb:", "grafana:", "prometheus:", "ecgsim:"])
        {
            Assert.Contains($"  {service}", written, StringComparison.Ordinal);
        }

        var daemon = written[written.IndexOf("\n  ecgstreamd:", StringComparison.Ordinal)..];
        daemon = daemon[..daemon.IndexOf("\n  grafana:", StringComparison.Ordinal)];
        Assert.Contains("read_only: true", daemon, StringComparison.Ordinal);
        Assert.Contains("no-new-privileges", daemon, StringComparison.Ordinal);
        Assert.Contains("- ALL", daemon, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:50051", daemon, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compose_WithoutSecrets_SaysWhatToRun()
    {
        var compose = PeerProcess.Require("docker-compose", "docker-compose");
        var env = Path.GetTempFileName();
        await using var config = PeerProcess.Start("sh", "-c", "\"$@\" 2>&1 || echo refused", "sh", compose, "-f", Path.Combine(Folder, "compose.yml"), "--env-file", env, "config");
        var said = await config.EndAsync();
        File.Delete(env);
        Assert.Contains("refused", said, StringComparison.Ordinal);
        Assert.Contains("run compose-setup.sh first", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_FilesThatItMounts_AreThere() => Assert.All(
        File.ReadAllLines(Path.Combine(Folder, "compose.yml")).Select(line => line.Trim()).Where(line => line.StartsWith("- ./", StringComparison.Ordinal) && !line.Contains("/secrets/", StringComparison.Ordinal)),
        line => Assert.True(Path.Exists(Path.Combine(Folder, line[4..].Split(':')[0])), line));

    [Fact]
    public void Dockerfile_EveryImageThatRuns_HasNoRootAndAHealthCheck()
    {
        var stages = File.ReadAllText(Path.Combine(Folder, "Dockerfile")).Split("\nFROM ").Skip(1).ToDictionary(stage => stage.Split('\n')[0].Split(" AS ")[1].Trim());
        Assert.All((string[])["base", "cuda", "sim"], name => Assert.Contains("USER 1654:1654", stages[name], StringComparison.Ordinal));
        Assert.All((string[])["base", "cuda"], name => Assert.Contains("HEALTHCHECK", stages[name], StringComparison.Ordinal));
        Assert.StartsWith("base AS cpu", stages["cpu"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unit_AsShipped_PassesSystemdAndIsHardened()
    {
        var analyze = PeerProcess.Require("systemd-analyze", "systemd");
        var folder = Directory.CreateTempSubdirectory("ecgstream-unit-").FullName;
        var unit = Path.Combine(folder, "ecgstreamd.service");

        // Its program is not installed here; everything else is judged as it stands.
        await File.WriteAllTextAsync(unit, (await File.ReadAllTextAsync(Path.Combine(Folder, "systemd/ecgstreamd.service"))).Replace("/opt/ecgstream/current/ecgstreamd", "/bin/true", StringComparison.Ordinal));
        await using (var verify = PeerProcess.Start(analyze, "verify", "--man=no", unit))
        {
            Assert.DoesNotContain("ecgstreamd.service", await verify.EndAsync(), StringComparison.Ordinal);
        }

        await using (var security = PeerProcess.Start(analyze, "security", "--offline=true", "--threshold=20", unit))
        {
            Assert.Contains("Overall exposure level", await security.EndAsync(), StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Scripts_OfTheFolder_AreValidBash()
    {
        foreach (var script in Directory.GetFiles(Folder, "*.sh", SearchOption.AllDirectories).Where(file => !file.Contains("node_modules", StringComparison.Ordinal)))
        {
            await using var bash = PeerProcess.Start("bash", "-n", script);
            await bash.EndAsync();
            Assert.True(File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute), script);
        }
    }

    [Fact]
    public void Settings_InUnitComposeAndDockerfile_AreKnown()
    {
        var known = Daemon.Settings.SettingsCatalog.Keys.Select(key => "ECGSTREAM_" + key.Replace(":", "__", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in (string[])["compose.yml", "Dockerfile", "systemd/ecgstreamd.service", "install.sh"])
        {
            var named = System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(Path.Combine(Folder, file)), "ECGSTREAM_[A-Za-z]+__[A-Za-z_]+").Select(match => match.Value).Distinct();
            Assert.Empty(named.Where(name => !known.Contains(name) && !name.StartsWith("ECGSTREAM_Logging__", StringComparison.Ordinal)).Select(name => $"{file}: {name}"));
        }
    }
}
