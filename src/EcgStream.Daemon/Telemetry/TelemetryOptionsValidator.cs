using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Telemetry;

/// <summary>The ranges, and what the endpoint must be.</summary>
public sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    private readonly TelemetryOptionsRanges _ranges = new();

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        if (_ranges.Validate(name, options) is { Failed: true, Failures: { } outOfRange })
        {
            failures.AddRange(outOfRange);
        }

        if (options.OtlpEndpoint.Length > 0 && !(Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
        {
            failures.Add($"{TelemetryOptions.SectionName}:OtlpEndpoint is '{options.OtlpEndpoint}'; it must be an http or https address, http://host:4317 for instance.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
