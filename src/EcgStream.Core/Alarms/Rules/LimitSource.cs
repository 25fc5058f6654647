using EcgStream.Core.Arrhythmia;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>The limits that the rules of one device read at each input; changed between inputs only.</summary>
internal sealed class LimitSource(ArrhythmiaLimits limits)
{
    public ArrhythmiaLimits Current { get; set; } = limits;
}
