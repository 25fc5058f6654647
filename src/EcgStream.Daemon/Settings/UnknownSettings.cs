using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace EcgStream.Daemon.Settings;

/// <summary>Finds keys that no part of the daemon reads: a mistyped key would otherwise leave a limit at its default unseen.</summary>
internal static class UnknownSettings
{
    /// <summary>Sections that the framework reads.</summary>
    private static readonly string[] Foreign = ["Logging"];

    /// <summary>Keys the host itself takes from the command line and the environment.</summary>
    private static readonly string[] OfTheHost = ["environment", "contentRoot", "applicationName"];

    /// <returns>A line for each unknown key, with the nearest known one.</returns>
    public static IReadOnlyList<string> Find(IConfigurationRoot settings)
    {
        var simple = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var parents = new List<string>();
        foreach (var section in SettingsCatalog.Sections)
        {
            foreach (var member in section.Members)
            {
                var key = $"{section.Name}:{member.Name}";
                simple.Add(key);
                if (!SettingsCatalog.IsSimple(member.PropertyType))
                {
                    parents.Add(key + ":");
                }
            }
        }

        return
        [
            .. settings.AsEnumerable()
                .Where(setting => setting.Value is not null && !simple.Contains(setting.Key) && !OfTheHost.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                .Where(setting => !Foreign.Any(name => Below(setting.Key, name)) && !parents.Any(parent => setting.Key.StartsWith(parent, StringComparison.OrdinalIgnoreCase)))
                .Select(setting => Line(setting.Key, simple, settings))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Line(string key, IEnumerable<string> known, IConfigurationRoot settings)
    {
        var longer = known.Where(candidate => candidate.StartsWith(key, StringComparison.OrdinalIgnoreCase)).Min();
        var nearest = longer ?? known.MinBy(candidate => Distance(key, candidate))!;
        var guess = longer is not null || Distance(key, nearest) <= Math.Max(3, key.Length / 4) ? $"; did you mean {nearest}?" : "; 'ecgstreamd settings' lists all.";
        return $"{key} is no setting ({SourceOf(key, settings)}){guess}";
    }

    private static string SourceOf(string key, IConfigurationRoot settings) => settings.Providers.LastOrDefault(provider => provider.TryGet(key, out _)) switch
    {
        FileConfigurationProvider file => $"in {file.Source.Path}",
        EnvironmentVariablesConfigurationProvider => $"environment variable ECGSTREAM_{key.Replace(":", "__", StringComparison.Ordinal)}",
        _ => "on the command line",
    };

    private static bool Below(string key, string section) =>
        key.Equals(section, StringComparison.OrdinalIgnoreCase) || key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase);

    /// <summary>Letters to change, add or take away, case aside (Levenshtein).</summary>
    internal static int Distance(string a, string b)
    {
        var (left, right) = (a.ToUpperInvariant(), b.ToUpperInvariant());
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
