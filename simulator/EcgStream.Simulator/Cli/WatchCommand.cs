using System.CommandLine;
using EcgStream.Client.Streaming;
using EcgStream.Client.Subscriptions;
using EcgStream.Protocol.V1;
using Google.Protobuf;
using Spectre.Console;

namespace EcgStream.Simulator.Cli;

/// <summary><c>ecgsim watch</c>: the alarms as a clinician's program sees them.</summary>
internal sealed class WatchCommand : Command
{
    private readonly Option<StreamEndpoint?> _to = new("--to")
    {
        Description = "grpc://host:port of the daemon.",
        CustomParser = CliParsers.GrpcEndpoint,
        DefaultValueFactory = _ => new StreamEndpoint(StreamTransport.Grpc, "localhost", StreamEndpoint.DefaultGrpcPort),
    };

    private readonly Option<ulong> _after = new("--after-cursor") { Description = "Cursor of the last transition seen; 0 = from the first that is kept." };
    private readonly Option<string[]> _devices = new("--device") { Description = "Only this device; may be given several times." };
    private readonly Option<AlarmPriority> _priority = new("--min-priority") { Description = "low, medium or high." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object per line." };
    private readonly Option<int?> _count = new("--count") { Description = "Ends after so many transitions." };

    public WatchCommand(CliContext context) : base("watch", "Shows alarms as they come.")
    {
        foreach (var option in new Option[] { _to, _after, _devices, _priority, _json, _count })
        {
            Add(option);
        }

        SetAction((parsed, cancellation) => RunAsync(parsed, context, cancellation));
    }

    private async Task<int> RunAsync(ParseResult parsed, CliContext context, CancellationToken cancellation)
    {
        using var channel = GrpcChannels.Open(parsed.GetValue(_to)!);
        var alerts = new AlertSubscription(
            channel, parsed.GetValue(_after), parsed.GetValue(_devices) ?? [], parsed.GetValue(_priority), TimeSpan.FromSeconds(60), context.Clock);
        var json = parsed.GetValue(_json);
        var limit = parsed.GetValue(_count) ?? int.MaxValue;
        try
        {
            if (context.Interactive && !json)
            {
                var table = new AlarmTable();
                await context.Console.Live(table.Render()).StartAsync(async live =>
                {
                    await FollowAsync(alerts, limit, next =>
                    {
                        table.Add(next);
                        live.UpdateTarget(table.Render());
                    }, cancellation);
                });
            }
            else
            {
                await FollowAsync(alerts, limit, next => context.Out.WriteLine(json ? JsonFormatter.Default.Format(next) : AlarmText.Line(next)), cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how watching ends.
        }
        catch (DeviceStreamException error)
        {
            context.Error.WriteLine($"ecgsim: {error.Message}");
            return ExitCodes.Lost;
        }

        context.Error.WriteLine(FormattableString.Invariant($"last cursor {alerts.Cursor}; resume with --after-cursor {alerts.Cursor}"));
        return ExitCodes.Done;
    }

    private static async Task FollowAsync(AlertSubscription alerts, int limit, Action<AlarmEvent> show, CancellationToken cancellation)
    {
        var seen = 0;
        await foreach (var next in alerts.ReadAsync(cancellation))
        {
            show(next);
            if (++seen >= limit)
            {
                return;
            }
        }
    }
}
