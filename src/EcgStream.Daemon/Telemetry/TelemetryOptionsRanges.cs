using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Telemetry;

[OptionsValidator]
internal sealed partial class TelemetryOptionsRanges : IValidateOptions<TelemetryOptions>;
