using System.Globalization;
using EcgStream.Interop.Tests.Mqtt;

namespace EcgStream.Interop.Tests.Ingest;

/// <summary>Debian's mosquitto with persistence, on a free port and in a temporary folder; it can be restarted.</summary>
internal sealed class PersistentMosquitto : IAsyncDisposable
{
    private readonly string _program = PeerProcess.Require("mosquitto", "mosquitto");
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgstream-mosquitto-").FullName;
    private PeerProcess? _process;

    public int Port { get; } = PeerProcess.FreePort();

    /// <summary>Lines of its access list; empty = everybody may do everything.</summary>
    public string Access { get; init; } = "";

    /// <summary>What it logged since it was started last.</summary>
    public string Log => _process?.Output ?? "";

    public async Task StartAsync()
    {
        var configuration = Path.Combine(_folder, "mosquitto.conf");
        var access = await AccessListAsync();
        var root = Environment.IsPrivilegedProcess ? "user root\n" : "";
        await File.WriteAllTextAsync(configuration, string.Create(
            CultureInfo.InvariantCulture,
            $"{root}listener {Port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {_folder}/\nmax_queued_messages 10000\nlog_dest stderr\nlog_type all\n{access}"));
        _process = PeerProcess.Start(_program, "-c", configuration);
        await PeerProcess.WaitForPortAsync(Port);
    }

    private async Task<string> AccessListAsync()
    {
        if (Access.Length == 0)
        {
            return "";
        }

        var file = Path.Combine(_folder, "acl");
        await File.WriteAllTextAsync(file, Access);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return $"acl_file {file}\n";
    }

    /// <summary>Stops it as a service manager does: it writes its state.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            await process.TerminateAsync();
            await process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
