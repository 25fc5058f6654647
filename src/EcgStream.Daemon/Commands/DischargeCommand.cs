using System.CommandLine;
using EcgStream.Protocol.V1;

namespace EcgStream.Daemon.Commands;

/// <summary><c>ecgstreamd discharge DEVICE</c>: its patient is gone.</summary>
internal static class DischargeCommand
{
    private const string About =
        "Lets go of a silent device whose patient is gone: its alarms end for good. What is stored of it stays.";

    public static Command Create()
    {
        var to = DaemonCall.To();
        var device = new Argument<string>("DEVICE") { Description = "The device's id, as 'devices' shows it." };
        var user = new Option<string>("--user")
        {
            Description = "Who says so; kept in the audit. [default: the user of this shell]",
            HelpName = "name",
            DefaultValueFactory = _ => Environment.UserName,
        };
        var command = new Command("discharge", About) { device, user, to };
        command.SetAction((parsed, _) => DaemonCall.RunAsync(
            parsed.GetValue(to),
            async (channel, deadline) =>
            {
                var request = new DischargeRequest
                {
                    DeviceId = parsed.GetRequiredValue(device), User = parsed.GetRequiredValue(user),
                };
                await new Protocol.V1.Monitor.MonitorClient(channel).DischargeAsync(request, deadline: deadline);
                Console.Out.WriteLine($"{request.DeviceId} is discharged.");
                return 0;
            }));
        return command;
    }
}
