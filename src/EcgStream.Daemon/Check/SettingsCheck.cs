using EcgStream.Daemon.Hosting;
using EcgStream.Daemon.Settings;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Check;

/// <summary>Every setting: known, of its type, within its limits, and fitting the others. The lines are those with which the start would end.</summary>
internal sealed class SettingsCheck(IConfigurationRoot settings) : ISetupCheck
{
    public string Subject => "settings";

    /// <summary>Keys that nothing reads.</summary>
    public IReadOnlyList<CheckResult> Unknown() => [.. UnknownSettings.Find(settings).Select(line => CheckResult.Fail(Subject, $"setting refused: {line}"))];

    /// <summary>Values that are not of their setting's type: they stop even the building of the daemon, and are told all at once.</summary>
    public IReadOnlyList<CheckResult> Unreadable()
    {
        var results = new List<CheckResult>();
        foreach (var section in SettingsCatalog.Sections)
        {
            try
            {
                settings.GetSection(section.Name).Get(section.Options);
            }
            catch (InvalidOperationException fault) when (StartFault.Explain(fault, settings) is { } lines)
            {
                results.AddRange(lines.Select(line => CheckResult.Fail(Subject, line)));
            }
        }

        return results;
    }

    public Task<IReadOnlyList<CheckResult>> RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var results = new List<CheckResult>(Unknown());
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (Exception fault) when (StartFault.Explain(fault, settings) is { } lines)
        {
            results.AddRange(lines.Select(line => CheckResult.Fail(Subject, line)));
        }

        if (results.Count == 0)
        {
            results.Add(CheckResult.Ok(Subject, FormattableString.Invariant($"all of {SettingsCatalog.Keys.Count()} known and within their limits")));
        }

        return Task.FromResult<IReadOnlyList<CheckResult>>(results);
    }
}
