using System.Reflection;
using EcgStream.Core.Alarms;
using EcgStream.Inference;

namespace EcgStream.Daemon.Settings;

/// <summary>Every setting there is: each public class of the product that has a constant <c>SectionName</c>, and its writable properties and lists.</summary>
internal static class SettingsCatalog
{
    private static readonly Assembly[] Assemblies = [typeof(SettingsCatalog).Assembly, typeof(InferenceOptions).Assembly, typeof(AlarmOptions).Assembly];

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        .. Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && SectionOf(type) is not null)
            .Select(type => new SettingsSection(SectionOf(type)!, type, [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.CanWrite || member.PropertyType == typeof(IList<string>))]))
            .OrderBy(section => section.Name, StringComparer.Ordinal),
    ];

    /// <summary>Every key, <c>Section:Name</c>.</summary>
    public static IEnumerable<string> Keys => Sections.SelectMany(section => section.Members.Select(member => $"{section.Name}:{member.Name}"));

    /// <summary>Text, numbers, times and choices; anything else has keys below its own.</summary>
    public static bool IsSimple(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsPrimitive || bare.IsEnum || bare == typeof(string) || bare == typeof(TimeSpan) || bare == typeof(decimal);
    }

    private static string? SectionOf(Type type) =>
        type.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;
}
