namespace EcgStream.Faults.Processes;

/// <summary>A network namespace for the devices with one link to the daemon, which can be cut.</summary>
internal sealed class DeviceNetwork : IAsyncDisposable
{
    private readonly string _name = $"ecgf{Environment.ProcessId % 10000}";

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing => !Environment.IsPrivilegedProcess ? "needs root for a network namespace" : Shell.Find("ip") is null ? "ip is not installed (iproute2)" : null;

    /// <summary>The daemon's end.</summary>
    public static string DaemonAddress => "10.213.77.1";

    /// <summary>Puts a program into the namespace.</summary>
    public (string Program, string[] Arguments) Enter(string program, string[] arguments) => ("ip", ["netns", "exec", _name, program, .. arguments]);

    public static async Task<DeviceNetwork> CreateAsync()
    {
        var network = new DeviceNetwork();
        var (name, near, far) = (network._name, network._name + "h", network._name + "d");
        await Shell.RunAsync("ip", "netns", "add", name);
        await Shell.RunAsync("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
        await Shell.RunAsync("ip", "addr", "add", DaemonAddress + "/30", "dev", near);
        await Shell.RunAsync("ip", "link", "set", near, "up");
        await Shell.RunAsync("ip", "-n", name, "addr", "add", "10.213.77.2/30", "dev", far);
        await Shell.RunAsync("ip", "-n", name, "link", "set", far, "up");
        await Shell.RunAsync("ip", "-n", name, "link", "set", "lo", "up");
        return network;
    }

    /// <summary>Packets are lost in both directions from now on; nobody is told.</summary>
    public Task CutAsync() => Shell.RunAsync("ip", "-n", _name, "link", "set", _name + "d", "down");

    public Task MendAsync() => Shell.RunAsync("ip", "-n", _name, "link", "set", _name + "d", "up");

    /// <summary>The devices' ends of all connections are gone; behind a cut link the daemon does not hear of it and keeps its ends.</summary>
    public Task DropDeviceSocketsAsync() => Shell.RunAsync("ip", "netns", "exec", _name, "ss", "-K", "dst", DaemonAddress);

    public async ValueTask DisposeAsync() => await Shell.TryAsync("ip", "netns", "del", _name);
}
