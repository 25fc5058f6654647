using System.Globalization;
using EcgStream.Protocol.V1;
using Grpc.Net.Client;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd alarms</c>: those that are not cleared; <c>alarms ack ALARM USER</c>: one is seen.</summary>
internal static class AlarmsCommand
{
    private static readonly string[] Head = ["PRIORITY", "STATE", "DEVICE", "CONDITION", "SINCE", "ALARM", "MESSAGE"];

    public static Task<int> RunAsync(string[] args) => DaemonCall.RunAsync(args, async (channel, rest, deadline) => rest switch
    {
        [] => await ListAsync(channel, deadline),
        ["ack", var alarm, var user] => await AcknowledgeAsync(channel, alarm, user, deadline),
        _ => await RefuseAsync(),
    });

    private static async Task<int> ListAsync(GrpcChannel channel, DateTime deadline)
    {
        var answer = await new Alerts.AlertsClient(channel).ListActiveAsync(new ListActiveRequest(), deadline: deadline);
        TextTable.Write(Console.Out, Head, answer.Alarms.Select(Row));
        return 0;
    }

    private static async Task<int> AcknowledgeAsync(GrpcChannel channel, string alarm, string user, DateTime deadline)
    {
        var answer = await new Alerts.AlertsClient(channel).AcknowledgeAsync(new AcknowledgeRequest { AlarmId = alarm, User = user }, deadline: deadline);
        TextTable.Write(Console.Out, Head, [Row(answer.Alarm)]);
        return 0;
    }

    private static async Task<int> RefuseAsync()
    {
        await Console.Error.WriteLineAsync("ecgstreamd: alarms takes nothing, or: ack ALARM USER; and --to grpc://host:port");
        return 2;
    }

    private static string[] Row(AlarmEvent alarm) =>
    [
        alarm.Priority.ToString(),
        alarm.State.ToString(),
        alarm.DeviceId,
        alarm.Condition.ToString(),
        DateTimeOffset.FromUnixTimeMilliseconds((long)(alarm.OnsetUnixNs / 1_000_000)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        alarm.AlarmId,
        alarm.Message,
    ];
}
