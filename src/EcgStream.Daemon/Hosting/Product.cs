using System.Reflection;

namespace EcgStream.Daemon.Hosting;

/// <summary>What the program says of itself.</summary>
internal static class Product
{
    public const string NotAMedicalDevice = "EcgStream is not a certified medical device: do not use it to diagnose, monitor or treat patients.";

    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
