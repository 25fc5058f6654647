using System.Text.Json;
using System.Text.RegularExpressions;

namespace EcgStream.Interop.Tests.Grafana;

/// <summary>One query of one panel of a checked-in dashboard.</summary>
internal sealed partial record PanelQuery(string Dashboard, string Panel, string Type, string RefId, string Text)
{
    public static IReadOnlyList<PanelQuery> ReadAll(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).SelectMany(file =>
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            return json.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target => new PanelQuery(
                Path.GetFileNameWithoutExtension(file),
                panel.GetProperty("title").GetString()!,
                panel.GetProperty("type").GetString()!,
                target.GetProperty("refId").GetString()!,
                target.GetProperty("query").GetString()!))).ToList();
        }),
    ];

    /// <summary>As Grafana would send it: its macros and the dashboard's variable replaced.</summary>
    /// <param name="fromUnixNs">Start of the time range.</param>
    /// <param name="toUnixNs">Its end, which is "now" too.</param>
    /// <param name="interval">An InfluxQL duration.</param>
    /// <param name="device">What the variable <c>device</c> is set to.</param>
    public string Rendered(long fromUnixNs, long toUnixNs, string interval, string device)
    {
        var text = Text
            .Replace("$timeFilter", FormattableString.Invariant($"time >= {fromUnixNs} AND time <= {toUnixNs}"), StringComparison.Ordinal)
            .Replace("$__interval", interval, StringComparison.Ordinal)
            .Replace("now()", FormattableString.Invariant($"{toUnixNs}"), StringComparison.Ordinal)
            .Replace("$device", Regex.Escape(device), StringComparison.Ordinal);
        Assert.False(Macro().IsMatch(text), $"{Dashboard}, {Panel}: a macro is left in {text}");
        return text;
    }

    [GeneratedRegex(@"\$[A-Za-z_]")]
    private static partial Regex Macro();
}
