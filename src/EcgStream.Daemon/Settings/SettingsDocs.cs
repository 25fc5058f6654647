using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EcgStream.Daemon.Settings;

/// <summary>The summaries of options classes, from the documentation files that the compiler puts beside the assemblies.</summary>
internal sealed partial class SettingsDocs
{
    private readonly Dictionary<string, XElement> _summaries = new(StringComparer.Ordinal);

    public SettingsDocs()
    {
        foreach (var assembly in SettingsCatalog.Sections.Select(section => section.Options.Assembly).Distinct())
        {
            var file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
            foreach (var member in File.Exists(file) ? XDocument.Load(file).Descendants("member") : [])
            {
                if (member.Element("summary") is { } summary)
                {
                    _summaries[(string)member.Attribute("name")!] = summary;
                }
            }
        }
    }

    public string OfType(Type type) => Text($"T:{type.FullName}", type);

    public string OfMember(PropertyInfo member) => Text($"P:{member.DeclaringType!.FullName}.{member.Name}", member.DeclaringType);

    private string Text(string id, Type within) => _summaries.TryGetValue(id, out var summary) ? Spaces().Replace(Plain(summary, within), " ").Trim() : "";

    private static string Plain(XElement element, Type within)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } see => $"`{Referred((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? "", within)}`",
                XElement other => Plain(other, within),
                _ => "",
            });
        }

        return text.ToString();
    }

    /// <summary>A setting of the same class by its name; anything else by its type too.</summary>
    private static string Referred(string cref, Type within)
    {
        var name = cref.Length > 2 && cref[1] == ':' ? cref[2..] : cref;
        if (name.StartsWith(within.FullName + ".", StringComparison.Ordinal))
        {
            return name[(within.FullName!.Length + 1)..];
        }

        if (SettingsCatalog.Sections.FirstOrDefault(section => section.Options.FullName == name) is { } other)
        {
            return other.Name;
        }

        var parts = name.Split('(')[0].Split('.');
        return cref.StartsWith("T:", StringComparison.Ordinal) || parts.Length < 2 ? parts[^1] : string.Join('.', parts[^2..]);
    }

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
