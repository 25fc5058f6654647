using EcgStream.Faults.Processes;
using EcgStream.Testing.Influx;

namespace EcgStream.Faults.Injections;

/// <summary>One kind of fault: what it needs around it, and how it is done once, up to the recovery.</summary>
/// <param name="Name">As on the command line and in the table.</param>
/// <param name="Setup">What must stand around the daemon.</param>
/// <param name="InjectAsync">Does it once; <c>brief</c> shortens pauses for the short form.</param>
internal sealed record Injection(string Name, RoundSetup Setup, Func<Round, Random, bool, Task> InjectAsync)
{
    /// <summary>Needs the preloaded shim.</summary>
    public bool NeedsShim { get; init; }

    /// <summary>Why it cannot be done on this machine; null when it can.</summary>
    public string? Missing =>
        NeedsShim && Shell.Find("cc") is null ? "no C compiler (cc) for the shim"
        : Setup.HasFlag(RoundSetup.SmallDisk) && !Environment.IsPrivilegedProcess ? "needs root to mount a tmpfs"
        : Setup.HasFlag(RoundSetup.Network) ? DeviceNetwork.Missing
        : Setup.HasFlag(RoundSetup.Mosquitto) ? Mosquitto.Missing
        : Setup.HasFlag(RoundSetup.Influx) ? InfluxServer.Missing
        : null;
}
