using System.Globalization;
using EcgStream.Daemon.Hosting;
using EcgStream.Functional.Tests;
using EcgStream.Interop.Tests.Mqtt;
using EcgStream.Testing;

namespace EcgStream.Interop.Tests.Deploy;

/// <summary>
/// <c>install.sh</c> on a clean Debian root that debootstrap made, from a bundle that <c>bundle.sh</c> made, up to a daemon that is ready under its own user; then an
/// upgrade, a rollback and the removal. Needs root and debootstrap, some 3 minutes and 700 MB; ECGSTREAM_TEST_DEBIAN_ROOT names a folder where the clean root's archive is kept.
/// </summary>
public sealed class InstallTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Install_OnACleanDebian_RunsUnderItsOwnUserAndRollsBack()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root: debootstrap and chroot.");
        var debootstrap = PeerProcess.Require("debootstrap", "debootstrap");
        var work = Directory.CreateTempSubdirectory("ecgstream-install-").FullName;
        var root = Path.Combine(work, "root");
        try
        {
            await MakeRootAsync(debootstrap, work, root);
            var bundle = Path.Combine(root, "tmp", "bundle.tar.gz");
            await RunAsync("bash", RepositoryFiles.Find("deploy/bundle.sh"), bundle);
            File.Copy(RepositoryFiles.Find("deploy/install.sh"), Path.Combine(root, "tmp", "install.sh"));
            var ports = FreePort.Take(3);
            Directory.CreateDirectory(Path.Combine(root, "etc/ecgstream"));
            await File.WriteAllTextAsync(
                Path.Combine(root, "etc/ecgstream/appsettings.json"),
                string.Create(CultureInfo.InvariantCulture, $$"""{ "Ingest": { "Grpc": { "Port": {{ports[0]}} }, "Mqtt": { "Port": {{ports[1]}} } }, "Http": { "Port": {{ports[2]}} } }"""), Cancellation);

            var refused = await InAsync(root, "sed -i s/Grpc/Grcp/ /etc/ecgstream/appsettings.json && /tmp/install.sh /tmp/bundle.tar.gz; echo \"exit $?\"; sed -i s/Grcp/Grpc/ /etc/ecgstream/appsettings.json; ls /opt/ecgstream");
            Assert.Contains("did you mean Ingest:Grpc:Port?", refused, StringComparison.Ordinal);
            Assert.Contains("exit 1", refused, StringComparison.Ordinal);
            Assert.DoesNotContain("current", refused, StringComparison.Ordinal);

            var installed = await InAsync(root, "/tmp/install.sh /tmp/bundle.tar.gz && stat -c '%U %a' /var/lib/ecgstream && stat -c '%U %G %a' /etc/ecgstream/secrets.env && ecgstreamd version");
            Assert.Contains("installed ecgstream-", installed, StringComparison.Ordinal);
            Assert.Contains("ecgstream 700", installed, StringComparison.Ordinal);
            Assert.Contains("root root 600", installed, StringComparison.Ordinal);
            await RunUnderItsUserAsync(root, ports[2]);
            await UpgradeAndRollBackAsync(root);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task RunUnderItsUserAsync(string root, int httpPort)
    {
        // As the unit starts it; without an init system in the root the test is the one who does.
        await using var daemon = PeerProcess.Start(
            "chroot", root, "setpriv", "--reuid=ecgstream", "--regid=ecgstream", "--clear-groups", "--no-new-privs", "env", "-i", "ECGSTREAM_Storage__DataDirectory=/var/lib/ecgstream",
            "/opt/ecgstream/current/ecgstreamd", "run");
        using var http = new HttpClient();
        await Waiting.UntilAsync(
            async () =>
            {
                try
                {
                    return (await http.GetAsync(new Uri($"http://localhost:{httpPort}/health/ready"), Cancellation)).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"the installed daemon to be ready:\n{daemon.Output}", Cancellation);
        var seen = await InAsync(root, "stat -c %U /var/lib/ecgstream/journal /var/lib/ecgstream/*.db; ecgstreamd health; ecgstreamd devices");
        output.WriteLine(seen);
        Assert.Equal("ecgstream", seen.Split('\n')[0]);
        Assert.Contains("inference  Healthy", seen, StringComparison.Ordinal);
        await daemon.TerminateAsync();
    }

    private async Task UpgradeAndRollBackAsync(string root)
    {
        var said = await InAsync(
            root,
            "set -e; cd /tmp; old=$(basename $(readlink -f /opt/ecgstream/current)); mkdir next; tar -xzf bundle.tar.gz -C next; mv next/$old next/ecgstream-9.9.9-next; tar -czf next.tar.gz -C next ecgstream-9.9.9-next; "
            + "/tmp/install.sh /tmp/next.tar.gz; echo now $(readlink -f /opt/ecgstream/current); /opt/ecgstream/current/deploy/install.sh --rollback; echo back $(readlink -f /opt/ecgstream/current) $old; "
            + "/tmp/install.sh --remove; ls /opt /etc/ecgstream; ls -d /var/lib/ecgstream/journal; getent passwd ecgstream || echo no user");
        output.WriteLine(said);
        Assert.Contains("now /opt/ecgstream/releases/ecgstream-9.9.9-next", said, StringComparison.Ordinal);
        var back = said.Split('\n').Single(line => line.StartsWith("back ", StringComparison.Ordinal)).Split(' ');
        Assert.Equal($"/opt/ecgstream/releases/{back[2]}", back[1]);
        Assert.Contains("appsettings.json", said, StringComparison.Ordinal);
        Assert.Contains("no user", said, StringComparison.Ordinal);
    }

    private static async Task MakeRootAsync(string debootstrap, string work, string root)
    {
        var kept = Environment.GetEnvironmentVariable("ECGSTREAM_TEST_DEBIAN_ROOT") is { Length: > 0 } folder ? Path.Combine(folder, "bookworm.tar") : null;
        Directory.CreateDirectory(root);
        if (kept is not null && File.Exists(kept))
        {
            await RunAsync("tar", "-xf", kept, "-C", root);
            return;
        }

        await RunAsync("sh", "-c", "\"$1\" --variant=minbase bookworm \"$2\" > \"$3\" 2>&1 || { tail -20 \"$3\"; exit 1; }", "sh", debootstrap, root, Path.Combine(work, "debootstrap.log"));
        if (kept is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            await RunAsync("tar", "-cf", kept, "-C", root, ".");
        }
    }

    private static Task<string> InAsync(string root, string commands) => RunAsync("chroot", root, "/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "bash", "-c", commands);

    /// <summary>Unlike the peers of other tests, these programs may take minutes.</summary>
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var process = PeerProcess.Start(program, arguments);
        return await process.EndAsync(TimeSpan.FromMinutes(10));
    }
}
