using System.Reflection;

namespace EcgStream.Daemon.Hosting;

/// <summary>What the command line offers.</summary>
internal static class Usage
{
    public const string NotAMedicalDevice = "EcgStream is not a certified medical device: do not use it to diagnose, monitor or treat patients.";

    private const string Text = $"""
        ecgstreamd - live ECG: ingest, windows, classification, alarms

          ecgstreamd [run] [--Section:Key=value ...]   the daemon, until Ctrl+C
          ecgstreamd demo [--seconds N]                the daemon with synthetic patients on free ports and a temporary folder; alarms as they
                                                       come, a one-line JSON summary on stdout at the end; exit 1 when anything was lost
          ecgstreamd check [--Section:Key=value ...]   looks at settings, ports, disk, models, GPU, broker and InfluxDB: a line each, ok or what to do; exit 0 when
                                                       nothing failed
          ecgstreamd health [--at http://host:port]    whether a running daemon is ready, and why not; exit 0 when it is
          ecgstreamd devices [--to grpc://host:port]   the devices that a running daemon knows, with what was lost of each
          ecgstreamd alarms [--to grpc://host:port]    the alarms that are not cleared, worst first
          ecgstreamd alarms ack ALARM USER [--to ...]  says that USER has seen an alarm
          ecgstreamd settings [--markdown]             every setting and its default
          ecgstreamd version
          ecgstreamd help

        Settings come from appsettings.json beside the program, from the environment (ECGSTREAM_Section__Key) and from the command line.
        The usual ones: --Storage:DataDirectory=DIR --Ingest:Grpc:Port=50051 --Ingest:Mqtt:Port=1883 --Ingest:Mqtt:Broker=mqtt://host:1883
                        --Storage:Influx:Url=http://host:8086 --Inference:Device=auto|cpu|cuda --Http:Port=8080

        {NotAMedicalDevice}
        """;

    public static string Version { get; } =
        typeof(Usage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static int Print()
    {
        Console.Out.WriteLine(Text);
        return 0;
    }

    public static int PrintVersion()
    {
        Console.Out.WriteLine($"ecgstreamd {Version}");
        return 0;
    }

    public static int Refuse(string command)
    {
        Console.Error.WriteLine($"ecgstreamd: no command '{command}'; there are run, demo, check, health, devices, alarms, settings, version, help");
        return 2;
    }
}
