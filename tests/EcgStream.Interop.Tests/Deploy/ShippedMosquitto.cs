using System.Globalization;
using EcgStream.Interop.Tests.Mqtt;
using EcgStream.Testing;

namespace EcgStream.Interop.Tests.Deploy;

/// <summary>Debian's mosquitto on the configuration, access list, certificate and user scripts of <c>deploy/mosquitto</c>; only paths and ports are changed.</summary>
internal sealed class ShippedMosquitto : IAsyncDisposable
{
    private readonly string _folder;
    private readonly PeerProcess _process;
    private readonly Dictionary<string, string> _passwords;

    private ShippedMosquitto(string folder, PeerProcess process, Dictionary<string, string> passwords, int tlsPort, int plainPort) =>
        (_folder, _process, _passwords, TlsPort, PlainPort) = (folder, process, passwords, tlsPort, plainPort);

    /// <summary>For devices.</summary>
    public int TlsPort { get; }

    /// <summary>For the daemon.</summary>
    public int PlainPort { get; }

    public string CaFile => Path.Combine(_folder, "certs", "ca.crt");

    public string PasswordOf(string user) => _passwords[user];

    public static async Task<ShippedMosquitto> StartAsync(params string[] users)
    {
        var program = PeerProcess.Require("mosquitto", "mosquitto");
        PeerProcess.Require("mosquitto_passwd", "mosquitto");
        PeerProcess.Require("openssl", "openssl");
        var shipped = RepositoryFiles.Find("deploy/mosquitto");
        var folder = Directory.CreateTempSubdirectory("ecgstream-mosquitto-").FullName;
        await RunAsync(Path.Combine(shipped, "make-certs.sh"), Path.Combine(folder, "certs"), "localhost", "127.0.0.1");
        var printed = await RunAsync(Path.Combine(shipped, "make-users.sh"), [Path.Combine(folder, "passwd"), .. users]);
        var passwords = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Where(words => words.Length == 2).ToDictionary(words => words[0], words => words[1]);

        File.Copy(Path.Combine(shipped, "acl"), Path.Combine(folder, "acl"));
        File.SetUnixFileMode(Path.Combine(folder, "acl"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        int[] ports = [PeerProcess.FreePort(), PeerProcess.FreePort()];
        var configuration = (await File.ReadAllTextAsync(Path.Combine(shipped, "mosquitto.conf")))
            .Replace("/mosquitto/config", folder, StringComparison.Ordinal)
            .Replace("/mosquitto/data", Path.Combine(folder, "data"), StringComparison.Ordinal)
            .Replace("listener 8883", string.Create(CultureInfo.InvariantCulture, $"listener {ports[0]} 127.0.0.1"), StringComparison.Ordinal)
            .Replace("listener 1883", string.Create(CultureInfo.InvariantCulture, $"listener {ports[1]} 127.0.0.1"), StringComparison.Ordinal);
        var file = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(file, (Environment.IsPrivilegedProcess ? "user root\n" : "") + configuration);
        var process = PeerProcess.Start(program, "-c", file);
        await PeerProcess.WaitForPortAsync(ports[0]);
        await PeerProcess.WaitForPortAsync(ports[1]);
        return new ShippedMosquitto(folder, process, passwords, ports[0], ports[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> RunAsync(string script, params string[] arguments)
    {
        await using var process = PeerProcess.Start("bash", [script, .. arguments]);
        return await process.EndAsync();
    }
}
