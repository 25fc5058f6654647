using EcgStream.Daemon.Demo;
using EcgStream.Daemon.Hosting;

return args switch
{
    ["demo", .. var rest] => await DemoCommand.RunAsync(rest),
    ["version", ..] => Usage.PrintVersion(),
    ["help" or "--help" or "-h" or "-?", ..] => Usage.Print(),
    ["run", .. var rest] => await RunCommand.RunAsync(rest),
    [] or [['-', '-', ..], ..] => await RunCommand.RunAsync(args),
    [var unknown, ..] => Usage.Refuse(unknown),
};
