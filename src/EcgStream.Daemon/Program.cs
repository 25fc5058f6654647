using EcgStream.Daemon.Check;
using EcgStream.Daemon.Commands;
using EcgStream.Daemon.Demo;
using EcgStream.Daemon.Hosting;

return args switch
{
    ["demo", .. var rest] => await DemoCommand.RunAsync(rest),
    ["check", .. var rest] => await CheckCommand.RunAsync(rest),
    ["health", .. var rest] => await HealthCommand.RunAsync(rest),
    ["devices", .. var rest] => await DevicesCommand.RunAsync(rest),
    ["alarms", .. var rest] => await AlarmsCommand.RunAsync(rest),
    ["settings", .. var rest] => SettingsCommand.Run(rest),
    ["version", ..] => Usage.PrintVersion(),
    ["help" or "--help" or "-h" or "-?", ..] => Usage.Print(),
    ["run", .. var rest] => await RunCommand.RunAsync(rest),
    [] or [['-', '-', ..], ..] => await RunCommand.RunAsync(args),
    [var unknown, ..] => Usage.Refuse(unknown),
};
