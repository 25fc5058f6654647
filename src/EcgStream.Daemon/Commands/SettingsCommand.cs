using System.CommandLine;
using EcgStream.Daemon.Settings;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd settings [--markdown]</c>: every key with its default; as Markdown with limits and meaning.</summary>
internal static class SettingsCommand
{
    public static Command Create()
    {
        var markdown = new Option<bool>("--markdown") { Description = "As Markdown, with limits and meaning." };
        var command = new Command("settings", "Lists every setting and its default.") { markdown };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(markdown))
            {
                Console.Out.Write(SettingsReference.Markdown());
            }
            else
            {
                WriteDefaults();
            }
        });
        return command;
    }

    private static void WriteDefaults()
    {
        foreach (var section in SettingsCatalog.Sections)
        {
            var defaults = Activator.CreateInstance(section.Options);
            foreach (var member in section.Members)
            {
                var value = SettingsCatalog.IsSimple(member.PropertyType) ? member.GetValue(defaults) : "";
                Console.Out.WriteLine(FormattableString.Invariant($"{section.Name}:{member.Name}={value}"));
            }
        }
    }
}
