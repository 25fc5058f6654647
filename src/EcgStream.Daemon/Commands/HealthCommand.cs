using System.CommandLine;
using System.Text.Json;
using EcgStream.Daemon.Hosting;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd health</c>: asks <c>/health/ready</c>. Made for a container's health check too, which has no other program to ask with.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var at = new Option<string?>("--at")
        {
            Description = "The daemon's HTTP port. [default: that of this machine's own settings]",
            HelpName = "http://host:port",
        };
        var command = new Command("health", "Says whether a running daemon is ready, and why not. Exit 0 when it is.") { at };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(at) ?? OwnAddress()));
        return command;
    }

    private static async Task<int> RunAsync(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync($"ecgstreamd: --at takes http://host:port, not '{address}'");
            return DaemonApp.WrongUsage;
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
        var (host, port) = (section[nameof(HttpOptions.BindAddress)], section[nameof(HttpOptions.Port)]);
        return DaemonCall.OwnAddress("http", host, port, new HttpOptions().Port);
    }
}
