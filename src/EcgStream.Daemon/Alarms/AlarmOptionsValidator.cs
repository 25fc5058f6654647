using EcgStream.Core.Alarms;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Alarms;

/// <summary>Ranges, then the rules between settings that <see cref="AlarmOptions.Validate"/> holds.</summary>
[OptionsValidator]
public sealed partial class AlarmOptionsValidator : IValidateOptions<AlarmOptions>;
