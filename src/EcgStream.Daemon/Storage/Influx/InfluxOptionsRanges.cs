using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Storage.Influx;

[OptionsValidator]
internal sealed partial class InfluxOptionsRanges : IValidateOptions<InfluxOptions>;
