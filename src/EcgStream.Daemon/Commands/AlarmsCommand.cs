using System.CommandLine;
using System.Globalization;
using EcgStream.Protocol.V1;
using Grpc.Net.Client;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd alarms</c>: those that are not cleared; <c>alarms ack ALARM USER</c>: one is seen.</summary>
internal static class AlarmsCommand
{
    private static readonly string[] Head = ["PRIORITY", "STATE", "DEVICE", "CONDITION", "SINCE", "ALARM", "MESSAGE"];

    public static Command Create()
    {
        var to = DaemonCall.To();
        var alarm = new Argument<string>("ALARM") { Description = "The alarm's id, as 'alarms' shows it." };
        var user = new Argument<string>("USER") { Description = "Who has seen it." };
        var acknowledge = new Command("ack", "Says that a user has seen an alarm.") { alarm, user };
        acknowledge.SetAction((parsed, _) => DaemonCall.RunAsync(
            parsed.GetValue(to),
            (channel, deadline) => AcknowledgeAsync(channel, parsed.GetRequiredValue(alarm), parsed.GetRequiredValue(user), deadline)));
        var list = new Command("alarms", "Lists the alarms that are not cleared, worst first.") { to, acknowledge };
        list.SetAction((parsed, _) => DaemonCall.RunAsync(parsed.GetValue(to), ListAsync));
        return list;
    }

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
