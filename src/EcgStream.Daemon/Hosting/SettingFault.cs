using System.Reflection;
using System.Text.RegularExpressions;

namespace EcgStream.Daemon.Hosting;

/// <summary>Turns the words of options validation into a line that names key, value and limit.</summary>
internal static partial class SettingFault
{
    /// <param name="failure">One failure, as the validator said it.</param>
    /// <param name="options">The class of the options; its <c>SectionName</c> tells the key.</param>
    /// <param name="settings">Where the value is to be found; null where it is not known.</param>
    public static string Describe(string failure, Type options, IConfiguration? settings)
    {
        var match = Annotation().Match(failure) is { Success: true } reflected ? reflected : Generated().Match(failure);
        if (!match.Success || options.GetProperty(match.Groups["member"].Value) is not { } member
            || options.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() is not string section)
        {
            return failure;
        }

        var text = match.Groups["text"].Value;
        if (text.StartsWith(section + ":", StringComparison.Ordinal))
        {
            return text; // a rule between settings, which names them itself
        }

        var key = $"{section}:{member.Name}";
        var limit = text.Replace($"The field {options.Name}.{member.Name} ", "", StringComparison.Ordinal).Replace($"The field {member.Name} ", "", StringComparison.Ordinal);
        var isSecret = member.Name.Contains("Password", StringComparison.Ordinal) || member.Name.Contains("Token", StringComparison.Ordinal);
        return !isSecret && settings?[key] is { } value ? $"{key} is '{value}'; it {limit}" : $"{key}: {text}";
    }

    /// <summary>A value that is not of its setting's type, as the configuration binder says it; null where the fault is another one.</summary>
    public static string? DescribeConversion(Exception fault)
    {
        if (Conversion().Match(fault.Message) is not { Success: true } match)
        {
            return null;
        }

        var type = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(match.Groups["type"].Value)).FirstOrDefault(found => found is not null);
        var accepted = type switch
        {
            { IsEnum: true } => string.Join(", ", Enum.GetNames(type)),
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(double) || type == typeof(float) => "a number",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a time as hh:mm:ss",
            _ => match.Groups["type"].Value,
        };
        return $"{match.Groups["key"].Value} is '{match.Groups["value"].Value}'; accepted is {accepted}.";
    }

    [GeneratedRegex("^DataAnnotation validation failed for '[^']+' members: '(?<member>\\w+)' with the error: '(?<text>.*)'\\.$")]
    private static partial Regex Annotation();

    [GeneratedRegex("^(?<member>\\w+): (?<text>.*)$")]
    private static partial Regex Generated();

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']+)' to type '(?<type>[^']+)'")]
    private static partial Regex Conversion();
}
