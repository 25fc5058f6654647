using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Alarms;

[OptionsValidator]
public sealed partial class AlarmEngineOptionsValidator : IValidateOptions<AlarmEngineOptions>;
