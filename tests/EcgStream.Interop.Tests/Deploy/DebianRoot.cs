using EcgStream.Interop.Tests.Mqtt;

namespace EcgStream.Interop.Tests.Deploy;

/// <summary>
/// A clean Debian that debootstrap made, with systemd as process 1 of namespaces of its own, as in a container. ECG_TEST_DEBIAN_ROOT names a folder where
/// the clean root's archive is kept between runs.
/// </summary>
internal sealed class DebianRoot : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // cgroups as the host has them: of version 2, or of version 1 with systemd's own named hierarchy.
    private const string Boot = """
        set -e
        mount --bind "$0" "$0"; mount -t proc proc "$0/proc"; mount -t sysfs sysfs "$0/sys"; mount -t tmpfs -o mode=755 tmpfs "$0/run"
        if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
          mount -t cgroup2 cgroup2 "$0/sys/fs/cgroup"; mode=1
        else
          mount -t tmpfs -o mode=755 tmpfs "$0/sys/fs/cgroup"; mkdir "$0/sys/fs/cgroup/systemd"
          mount -t cgroup -o none,name=systemd,xattr cgroup "$0/sys/fs/cgroup/systemd"; mode=0
        fi
        exec chroot "$0" /usr/bin/env -i container=lxc /lib/systemd/systemd --log-target=null systemd.unified_cgroup_hierarchy=$mode
        """;

    private readonly string _work;
    private PeerProcess? _unshare;
    private string _init = "";

    private DebianRoot(string work) => _work = work;

    public string Path => System.IO.Path.Combine(_work, "root");

    /// <summary>Skips the test where it cannot be made.</summary>
    public static async Task<DebianRoot> MakeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root: debootstrap and chroot.");
        var debootstrap = PeerProcess.Require("debootstrap", "debootstrap");
        var mayMount = await RunAsync("sh", "-c", "unshare --mount --pid --ipc --uts --cgroup --fork mount -t tmpfs none /mnt 2>/dev/null && echo yes || echo no");
        Assert.SkipUnless(mayMount.Contains("yes", StringComparison.Ordinal), "Needs the right to mount and to make namespaces.");
        var root = new DebianRoot(Directory.CreateTempSubdirectory("ecgstream-debian-").FullName);
        Directory.CreateDirectory(root.Path);
        var kept = Environment.GetEnvironmentVariable("ECG_TEST_DEBIAN_ROOT") is { Length: > 0 } folder ? System.IO.Path.Combine(folder, "bookworm-systemd.tar") : null;
        if (kept is not null && File.Exists(kept))
        {
            await RunAsync("tar", "-xf", kept, "-C", root.Path);
            return root;
        }

        var log = System.IO.Path.Combine(root._work, "debootstrap.log");
        await RunAsync("sh", "-c", "\"$1\" --variant=minbase --include=systemd,dbus bookworm \"$2\" > \"$3\" 2>&1 || { tail -20 \"$3\"; exit 1; }", "sh", debootstrap, root.Path, log);
        if (kept is not null)
        {
            // Under another name until it is whole.
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(kept)!);
            await RunAsync("tar", "-cf", kept + ".part", "-C", root.Path, ".");
            File.Move(kept + ".part", kept, overwrite: true);
        }

        return root;
    }

    /// <summary>Starts systemd and waits until it has reached its target; the test is skipped where the host lets none run.</summary>
    public async Task BootAsync()
    {
        // No login prompts: they would write to the host's terminals.
        foreach (var unit in (string[])["getty.target", "console-getty.service"])
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, "etc/systemd/system", unit), "/dev/null");
        }

        _unshare = PeerProcess.Start("unshare", "--mount", "--pid", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child", "sh", "-c", Boot, Path);
        for (var attempt = 0; attempt < 240; attempt++)
        {
            await Task.Delay(250);
            _init = (await RunAsync("sh", "-c", $"ps -o pid= --ppid {_unshare.Id} || true")).Trim();
            if (_init.Length > 0 && (await RunAsync("sh", ["-c", "\"$@\" 2>&1 || true", "sh", .. Inside("systemctl", "is-system-running")])).Trim() is "running" or "degraded")
            {
                return;
            }
        }

        Assert.Skip($"systemd does not run in a namespace here: {_unshare.Output}");
    }

    /// <summary>Runs shell commands inside, to their end.</summary>
    public Task<string> DoAsync(string commands)
    {
        var command = Inside("bash", "-c", commands);
        return RunAsync(command[0], command[1..]);
    }

    /// <summary>For programs that may take minutes.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var process = PeerProcess.Start(program, arguments);
        return await process.EndAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (_unshare is not null)
        {
            await _unshare.DisposeAsync();
        }

        Directory.Delete(_work, recursive: true);
    }

    private string[] Inside(params string[] command) =>
        ["nsenter", "-t", _init, "-m", "-p", "-i", "-u", "-C", "-r", "-w", "/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", .. command];
}
