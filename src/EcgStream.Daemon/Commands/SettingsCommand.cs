using EcgStream.Daemon.Settings;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd settings [--markdown]</c>: every key with its default; as Markdown with limits and meaning.</summary>
internal static class SettingsCommand
{
    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["--markdown"]:
                Console.Out.Write(SettingsReference.Markdown());
                return 0;
            case []:
                foreach (var section in SettingsCatalog.Sections)
                {
                    var defaults = Activator.CreateInstance(section.Options);
                    foreach (var member in section.Members)
                    {
                        Console.Out.WriteLine(FormattableString.Invariant($"{section.Name}:{member.Name}={(SettingsCatalog.IsSimple(member.PropertyType) ? member.GetValue(defaults) : "")}"));
                    }
                }

                return 0;
            default:
                Console.Error.WriteLine("ecgstreamd: settings takes --markdown or nothing");
                return 2;
        }
    }
}
