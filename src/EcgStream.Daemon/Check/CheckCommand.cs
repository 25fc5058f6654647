using EcgStream.Daemon.Hosting;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Check;

/// <summary><c>ecgstreamd check</c>: looks at everything that a start needs, without one. Exit 0 when nothing failed, 1 else.</summary>
internal static class CheckCommand
{
    public const int Failed = 1;

    public static async Task<int> RunAsync(string[] args)
    {
        var results = new List<CheckResult>();
        await foreach (var result in ResultsAsync(args, CancellationToken.None))
        {
            results.Add(result);
            var status = result.Status switch { CheckStatus.Ok => "ok  ", CheckStatus.Warn => "warn", _ => "FAIL" };
            Console.Out.WriteLine($"{status}  {result.Subject,-9} {result.Text}");
        }

        var (fails, warnings) = (results.Count(result => result.Status == CheckStatus.Fail), results.Count(result => result.Status == CheckStatus.Warn));
        Console.Out.WriteLine(FormattableString.Invariant($"{fails} failed, {warnings} warned, {results.Count - fails - warnings} ok"));
        return fails == 0 ? 0 : Failed;
    }

    /// <summary>What would stop the start and can be told without a model or a network: the settings, the disk, the ports.</summary>
    public static async Task<IReadOnlyList<CheckResult>> BeforeStartAsync(IConfigurationRoot settings, IServiceProvider services) =>
    [
        .. new SettingsCheck(settings).Unknown(),
        .. (await RunAsync(new DiskCheck(), services, settings, CancellationToken.None)).Where(result => result.Status == CheckStatus.Fail),
        .. (await RunAsync(new PortsCheck(), services, settings, CancellationToken.None)).Where(result => result.Status == CheckStatus.Fail),
    ];

    private static async IAsyncEnumerable<CheckResult> ResultsAsync(string[] args, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var settings = DaemonSettings.Load(args);
        WebApplication? host = null;
        IReadOnlyList<CheckResult> refused = [];
        try
        {
            host = DaemonHost.Build(args, builder => builder.Logging.ClearProviders());
        }
        catch (Exception fault) when (StartFault.Explain(fault, settings) is { } lines)
        {
            var check = new SettingsCheck(settings);
            refused = [.. check.Unknown(), .. check.Unreadable(), .. lines.Select(line => CheckResult.Fail("settings", line))];
        }

        foreach (var result in refused.Distinct())
        {
            yield return result;
        }

        if (host is null)
        {
            yield break;
        }

        await using (host)
        {
            ISetupCheck[] checks = [new SettingsCheck(settings), new DiskCheck(), new PortsCheck(), new ModelsCheck(), new BrokerCheck(), new InfluxCheck(TimeProvider.System)];
            foreach (var check in checks)
            {
                foreach (var result in await RunAsync(check, host.Services, settings, cancellation))
                {
                    yield return result;
                }
            }
        }
    }

    private static async Task<IReadOnlyList<CheckResult>> RunAsync(ISetupCheck check, IServiceProvider services, IConfiguration settings, CancellationToken cancellation)
    {
        try
        {
            return await check.RunAsync(services, cancellation);
        }
        catch (Exception fault) when (fault is OptionsValidationException || SettingFault.DescribeConversion(fault) is not null)
        {
            return [CheckResult.Warn(check.Subject, "not looked at: its settings are refused, see above")];
        }
        catch (Exception fault) when (StartFault.Explain(fault, settings) is { } lines)
        {
            return [.. lines.Select(line => CheckResult.Fail(check.Subject, line))];
        }
    }
}
