using System.Text.Json;
using EcgStream.Daemon.Hosting;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd health</c>: asks <c>/health/ready</c>. Made for a container's health check too, which has no other program to ask with.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args)
    {
        var address = args switch { [] => OwnAddress(), ["--at", var given] => given, _ => "" };
        if (!Uri.TryCreate(address, UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync("ecgstreamd: health takes --at http://host:port or nothing");
            return 2;
        }

        using var http = new HttpClient { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(new Uri(root, "/health/ready"));
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            TextTable.Write(Console.Out, ["STAGE", "STATE", "REASON"], [.. json.RootElement.GetProperty("stages").EnumerateObject().Select(Row)]);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException)
        {
            await Console.Error.WriteLineAsync($"ecgstreamd: no daemon answers at {root} ({fault.Message}). Does it run ('systemctl status ecgstreamd')?");
            return 1;
        }
    }

    private static string[] Row(JsonProperty stage) =>
        [stage.Name, stage.Value.GetProperty("status").GetString() ?? "", stage.Value.TryGetProperty("reason", out var reason) ? reason.GetString() ?? "" : ""];

    private static string OwnAddress()
    {
        var section = DaemonSettings.Load([]).GetSection(HttpOptions.SectionName);
        var defaults = new HttpOptions();
        var host = section[nameof(HttpOptions.BindAddress)] is { Length: > 0 } bound and not "*" ? bound : "localhost";
        return $"http://{host}:{section[nameof(HttpOptions.Port)] ?? defaults.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
