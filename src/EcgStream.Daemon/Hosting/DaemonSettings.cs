namespace EcgStream.Daemon.Hosting;

/// <summary>Where settings come from, the later winning: the file beside the program, a file of the site, the environment, the command line.</summary>
internal static class DaemonSettings
{
    public const string EnvironmentPrefix = "ECGSTREAM_";

    /// <summary>Where a package or an administrator puts the site's own settings; read where it exists.</summary>
    public const string SiteFile = "/etc/ecgstream/appsettings.json";

    public static IConfigurationBuilder AddDaemonSettings(this IConfigurationBuilder builder, string[] args) => builder
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddJsonFile(SiteFile, optional: true)
        .AddEnvironmentVariables(EnvironmentPrefix)
        .AddCommandLine(args);

    /// <summary>The settings alone, as <see cref="DaemonHost"/> would read them.</summary>
    public static IConfigurationRoot Load(string[] args) => new ConfigurationBuilder().AddDaemonSettings(args).Build();
}
