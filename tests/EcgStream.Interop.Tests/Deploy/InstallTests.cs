using System.Globalization;
using EcgStream.Daemon.Hosting;
using EcgStream.Testing;

namespace EcgStream.Interop.Tests.Deploy;

/// <summary>
/// <c>install.sh</c> on a clean Debian with a real systemd, from a bundle that <c>bundle.sh</c> made: refused set-up, installation up to a daemon that is ready under
/// its own user in the hardened unit, watchdog, upgrade, rollback, removal. Some minutes; skipped without root, debootstrap and namespaces.
/// </summary>
public sealed class InstallTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Install_OnACleanDebian_RunsUnderItsOwnUserAndRollsBack()
    {
        await using var root = await DebianRoot.MakeAsync();
        await DebianRoot.RunAsync("bash", RepositoryFiles.Find("deploy/bundle.sh"), "--cpu", Path.Combine(root.Path, "root/bundle.tar.gz"));
        File.Copy(RepositoryFiles.Find("deploy/install.sh"), Path.Combine(root.Path, "root/install.sh"));

        // The root shares this machine's network, so its daemon needs ports of its own.
        var ports = FreePort.Take(3);
        Directory.CreateDirectory(Path.Combine(root.Path, "etc/ecgstream"));
        await File.WriteAllTextAsync(
            Path.Combine(root.Path, "etc/ecgstream/appsettings.json"),
            string.Create(CultureInfo.InvariantCulture, $$"""{ "Ingest": { "Grpc": { "Port": {{ports[0]}} }, "Mqtt": { "Port": {{ports[1]}} } }, "Http": { "Port": {{ports[2]}} } }"""), Cancellation);
        await root.BootAsync();

        var refused = await DoAsync(root, "sed -i s/Grpc/Grcp/ /etc/ecgstream/appsettings.json; /root/install.sh /root/bundle.tar.gz; echo exit $?; sed -i s/Grcp/Grpc/ /etc/ecgstream/appsettings.json; ls /opt/ecgstream");
        Assert.Contains("did you mean Ingest:Grpc:Port?", refused, StringComparison.Ordinal);
        Assert.Contains("exit 1", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("current", refused, StringComparison.Ordinal);

        await InstallAsync(root);
        await StallAsync(root);
        await UpgradeAndRollBackAsync(root);
    }

    private async Task InstallAsync(DebianRoot root)
    {
        var installed = await DoAsync(
            root,
            "/root/install.sh /root/bundle.tar.gz; echo exit $?; systemctl is-active ecgstreamd; systemctl show -p NRestarts,Type,WatchdogUSec ecgstreamd; pid=$(systemctl show -p MainPID --value ecgstreamd); "
            + "echo runs as $(stat -c %U /proc/$pid); grep -E 'NoNewPrivs|CapEff|Seccomp:' /proc/$pid/status; stat -c 'data %U %a' /var/lib/ecgstream; stat -c 'secrets %U %G %a' /etc/ecgstream/secrets.env; "
            + "ecgstreamd health; ecgstreamd devices; ecgstreamd version; find /var/lib/ecgstream -name '*onnxruntime*'");
        Assert.Contains("exit 0", installed, StringComparison.Ordinal);
        Assert.Contains("\nactive", installed, StringComparison.Ordinal);
        Assert.Contains("NRestarts=0", installed, StringComparison.Ordinal);
        Assert.Contains("runs as ecgstream", installed, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t0000000000000000", installed, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", installed, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", installed, StringComparison.Ordinal);
        Assert.Contains("data ecgstream 700", installed, StringComparison.Ordinal);
        Assert.Contains("secrets root root 600", installed, StringComparison.Ordinal);
        Assert.Contains("inference  Healthy", installed, StringComparison.Ordinal);
        Assert.DoesNotContain("onnxruntime.db", installed, StringComparison.Ordinal);
    }

    /// <summary>A daemon that stands still is started anew by the watchdog, shortened here from 30 s.</summary>
    private async Task StallAsync(DebianRoot root)
    {
        var said = await DoAsync(
            root,
            "mkdir -p /etc/systemd/system/ecgstreamd.service.d; printf '[Service]\\nWatchdogSec=3\\n' > /etc/systemd/system/ecgstreamd.service.d/test.conf; systemctl daemon-reload; systemctl restart ecgstreamd; "
            + "pid=$(systemctl show -p MainPID --value ecgstreamd); sleep 5; echo same $([ $pid = $(systemctl show -p MainPID --value ecgstreamd) ] && echo yes); kill -STOP $pid; "
            + "for i in $(seq 120); do now=$(systemctl show -p MainPID --value ecgstreamd); [ $now != $pid ] && [ $now != 0 ] && systemctl is-active -q ecgstreamd && break; sleep 0.5; done; "
            + "echo state $(systemctl is-active ecgstreamd) anew $(systemctl show -p NRestarts --value ecgstreamd); rm -r /etc/systemd/system/ecgstreamd.service.d; systemctl daemon-reload");
        Assert.Contains("same yes", said, StringComparison.Ordinal);
        Assert.Contains("state active anew 1", said, StringComparison.Ordinal);
    }

    private async Task UpgradeAndRollBackAsync(DebianRoot root)
    {
        var said = await DoAsync(
            root,
            "cd /root; old=$(basename $(readlink -e /opt/ecgstream/current)); mkdir next; tar -xzf bundle.tar.gz -C next; mv next/$old next/ecgstream-9.9.9-next; tar -czf next.tar.gz -C next ecgstream-9.9.9-next; "
            + "/root/install.sh next.tar.gz; echo now $(readlink -e /opt/ecgstream/current) $(systemctl is-active ecgstreamd); "
            + "rm next/ecgstream-9.9.9-next/libonnxruntime.so; mv next/ecgstream-9.9.9-next next/ecgstream-9.9.9-broken; tar -czf broken.tar.gz -C next ecgstream-9.9.9-broken; /root/install.sh broken.tar.gz; "
            + "echo broken $? $(readlink -e /opt/ecgstream/current) $(systemctl is-active ecgstreamd); "
            + "/opt/ecgstream/current/deploy/install.sh --rollback; echo back $(readlink -e /opt/ecgstream/current) $(systemctl is-active ecgstreamd) $old; "
            + "/root/install.sh --remove; echo left $(ls /opt /etc/ecgstream); ls -d /var/lib/ecgstream/journal; getent passwd ecgstream || echo no user; systemctl is-active ecgstreamd");
        Assert.Contains("now /opt/ecgstream/releases/ecgstream-9.9.9-next active", said, StringComparison.Ordinal);
        Assert.Contains("broken 1 /opt/ecgstream/releases/ecgstream-9.9.9-next active", said, StringComparison.Ordinal);
        var back = said.Split('\n').Single(line => line.StartsWith("back ", StringComparison.Ordinal)).Split(' ');
        Assert.Equal(($"/opt/ecgstream/releases/{back[3]}", "active"), (back[1], back[2]));
        Assert.Contains("appsettings.json", said, StringComparison.Ordinal);
        Assert.Contains("/var/lib/ecgstream/journal", said, StringComparison.Ordinal);
        Assert.Contains("no user", said, StringComparison.Ordinal);
    }

    private async Task<string> DoAsync(DebianRoot root, string commands)
    {
        var said = await root.DoAsync($"{{ {commands}; }} 2>&1; true");
        output.WriteLine(said);
        return said;
    }
}
