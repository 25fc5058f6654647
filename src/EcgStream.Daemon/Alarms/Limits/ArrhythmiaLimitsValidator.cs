using EcgStream.Core.Arrhythmia;
using Microsoft.Extensions.Options;

namespace EcgStream.Daemon.Alarms.Limits;

/// <summary>Ranges, then the rules between limits that <see cref="ArrhythmiaLimits.Validate"/> holds.</summary>
[OptionsValidator]
public sealed partial class ArrhythmiaLimitsValidator : IValidateOptions<ArrhythmiaLimits>;
