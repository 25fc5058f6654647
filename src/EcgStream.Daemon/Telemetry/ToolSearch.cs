namespace EcgStream.Daemon.Telemetry;

/// <summary>Looks a program up as a shell does.</summary>
internal static class ToolSearch
{
    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
