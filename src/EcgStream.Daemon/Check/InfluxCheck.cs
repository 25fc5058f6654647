using EcgStream.Core.Time;
using EcgStream.Daemon.Storage.Influx;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Check;

/// <summary>Writes one point of the measurement <c>ecg_check</c>: only a write shows that address, token, organization and bucket are right together.</summary>
internal sealed class InfluxCheck(TimeProvider clock) : ISetupCheck
{
    public string Subject => "influxdb";

    public async Task<IReadOnlyList<CheckResult>> RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var options = services.GetRequiredService<IOptions<InfluxOptions>>().Value;
        if (options.Url.Length == 0)
        {
            return [CheckResult.Ok(Subject, "not used: Storage:Influx:Url is empty")];
        }

        var line = new LineBuilder().Start("ecg_check").Tag("site", options.Site).Field("ok", true).End(clock.GetUtcNow().ToUnixNs());
        var outcome = await services.GetRequiredService<IInfluxWriter>().WriteAsync([line], cancellation);
        var server = $"Storage:Influx:Url: {options.Url}";
        return
        [
            outcome.Kind == InfluxWriteKind.Written ? CheckResult.Ok(Subject, $"{server} takes lines for bucket '{options.Bucket}'")
            : outcome.Reason.StartsWith("HTTP 401", StringComparison.Ordinal) || outcome.Reason.StartsWith("HTTP 403", StringComparison.Ordinal)
                ? CheckResult.Fail(Subject, $"{server} refuses the token ({outcome.Reason}). Set Storage:Influx:Token to one that may write bucket '{options.Bucket}'; 'influx auth list' shows them.")
            : outcome.Reason.StartsWith("HTTP 404", StringComparison.Ordinal)
                ? CheckResult.Fail(Subject, $"{server} does not know organization '{options.Org}' or bucket '{options.Bucket}' ({outcome.Reason}). Check Storage:Influx:Org and Storage:Influx:Bucket.")
            : outcome.Reason.StartsWith("HTTP ", StringComparison.Ordinal) ? CheckResult.Fail(Subject, $"{server} does not take lines ({outcome.Reason})")
            : CheckResult.Fail(Subject, $"{server} cannot be reached: {outcome.Reason.TrimEnd('.')}. Does InfluxDB run, and is the address right?"),
        ];
    }
}
