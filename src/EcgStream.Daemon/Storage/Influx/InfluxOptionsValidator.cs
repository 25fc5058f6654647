using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage.Influx;

/// <summary>The ranges, and what must fit together.</summary>
public sealed class InfluxOptionsValidator : IValidateOptions<InfluxOptions>
{
    private readonly InfluxOptionsRanges _ranges = new();

    public ValidateOptionsResult Validate(string? name, InfluxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        if (_ranges.Validate(name, options) is { Failed: true, Failures: { } outOfRange })
        {
            failures.AddRange(outOfRange);
        }

        if (options.Url.Length > 0 && !(Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https")))
        {
            failures.Add($"{InfluxOptions.SectionName}:Url: '{options.Url}' is not an http or https address.");
        }

        if (options.MaxBackoff < options.MinBackoff)
        {
            failures.Add($"{InfluxOptions.SectionName}:MaxBackoff: {options.MaxBackoff} is below MinBackoff, {options.MinBackoff}.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
