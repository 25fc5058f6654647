using System.CommandLine;
using EcgStream.Daemon.Check;
using EcgStream.Daemon.Demo;
using EcgStream.Daemon.Hosting;

namespace EcgStream.Daemon.Commands;

/// <summary>The command <c>ecgstreamd</c>.</summary>
internal static class DaemonApp
{
    public const int WrongUsage = 2;

    private const string About = $"""
        Live ECG: ingest, windows, classification, alarms. Without a command it runs the daemon.

        Settings come from appsettings.json beside the program, from the environment (ECGSTREAM_Section__Key) and from the command line;
        'ecgstreamd settings' lists all. The usual ones:
          --Storage:DataDirectory=DIR --Ingest:Grpc:Port=50051 --Ingest:Mqtt:Port=1883 --Ingest:Mqtt:Broker=mqtt://host:1883
          --Storage:Influx:Url=http://host:8086 --Inference:Device=auto|cpu|cuda --Http:Port=8080

        {Product.NotAMedicalDevice}
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        string[] full = args is [] || IsSetting(args[0]) ? ["run", .. args] : args;
        var parsed = Root().Parse(full, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"ecgstreamd: {error.Message}");
            }

            await Console.Error.WriteLineAsync("ecgstreamd: try --help.");
            return WrongUsage;
        }

        // The host itself answers Ctrl+C and SIGTERM, and drains as long as it must; a defect keeps its stack trace.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        return await parsed.InvokeAsync(invocation);
    }

    private static RootCommand Root()
    {
        var root = new RootCommand(About);
        root.Add(WithSettings("run", "Runs the daemon until Ctrl+C or SIGTERM. Exit 3 when the set-up is wrong.", RunCommand.RunAsync));
        root.Add(WithSettings(
            "check",
            "Looks at settings, ports, disk, models, GPU, broker and InfluxDB: a line each. Exit 1 when something failed.",
            CheckCommand.RunAsync));
        root.Add(DemoCommand.Create());
        root.Add(HealthCommand.Create());
        root.Add(DevicesCommand.Create());
        root.Add(AlarmsCommand.Create());
        root.Add(DischargeCommand.Create());
        root.Add(SettingsCommand.Create());
        root.Add(Version());
        root.Add(Help(root));
        return root;
    }

    private static Command WithSettings(string name, string description, Func<string[], Task<int>> run)
    {
        var settings = Settings();
        var command = new Command(name, description) { settings };
        command.SetAction((parsed, _) => run(parsed.GetValue(settings) ?? []));
        return command;
    }

    /// <summary>What is no option of a command is one of its arguments: a setting, whose key the start looks up.</summary>
    private static Argument<string[]> Settings()
    {
        var settings = new Argument<string[]>("--Section:Key=value")
        {
            Description = "Settings; they win over file and environment.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        settings.Validators.Add(static result =>
        {
            if (result.Tokens.FirstOrDefault(token => !IsSetting(token.Value)) is { } odd)
            {
                result.AddError($"settings are written --Section:Key=value, not '{odd.Value}'");
            }
        });
        return settings;
    }

    private static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.Contains('=', StringComparison.Ordinal);

    private static Command Version()
    {
        var version = new Command("version", "Says which version this is.");
        version.SetAction(static _ => Console.Out.WriteLine($"ecgstreamd {Product.Version}"));
        return version;
    }

    private static Command Help(RootCommand root)
    {
        var command = new Argument<string?>("command") { Description = "The command to explain.", Arity = ArgumentArity.ZeroOrOne };
        var help = new Command("help", "Explains the program, or one of its commands.") { command };
        help.SetAction((parsed, cancellation) =>
        {
            string[] asked = parsed.GetValue(command) is { } named ? [named, "--help"] : ["--help"];
            return root.Parse(asked).InvokeAsync(cancellationToken: cancellation);
        });
        return help;
    }
}
