using System.Globalization;
using EcgStream.Core.Arrhythmia;
using EcgStream.Core.Vitals;

namespace EcgStream.Core.Alarms.Rules;

/// <summary>
/// Ventricular fibrillation or flutter: the wave of <see cref="WaveMeter"/>, which sees 4 s at a time, for <see cref="ArrhythmiaLimits.FibrillationSeconds"/>; high,
/// latching, cannot be switched off. Ends when the wave has not been there for 3 s. Told 4 to 5 s after its onset with the default limit.
/// </summary>
internal sealed class FibrillationRule(LimitSource limits) : ArrhythmiaRule(AlarmCondition.VentricularFibrillation, AlarmPriority.High, limits)
{
    private const float Begins = 0.5f;
    private const float GoesOn = 0.25f;
    private const long AbsentNs = 3_000_000_000;
    private const long StepNs = 1_500_000_000;

    private long _judgedUnixNs;
    private long _sinceUnixNs = long.MaxValue;

    protected override string Name => "Ventricular fibrillation";

    public override void Reset()
    {
        base.Reset();
        _sinceUnixNs = long.MaxValue;
    }

    public override RuleDecision OnStatus(in SignalStatus status)
    {
        var waves = status.Waves;
        LastSeenUnixNs = Math.Min(LastSeenUnixNs, status.TimeUnixNs);
        if (waves.EndUnixNs != 0 && waves.EndUnixNs != _judgedUnixNs)
        {
            if (waves.EndUnixNs < _judgedUnixNs || waves.EndUnixNs - _judgedUnixNs > StepNs)
            {
                _sinceUnixNs = long.MaxValue; // a gap, or a clock set back: what was seen before does not touch this
            }

            _judgedUnixNs = waves.EndUnixNs;
            if (waves.Fibrillation >= (Present ? GoesOn : Begins))
            {
                _sinceUnixNs = Math.Min(_sinceUnixNs, waves.EndUnixNs - (WaveMeter.Seconds * 1_000_000_000L));
                LastSeenUnixNs = waves.EndUnixNs;
            }
            else
            {
                _sinceUnixNs = long.MaxValue;
            }

            var lasted = _sinceUnixNs == long.MaxValue ? 0 : waves.EndUnixNs - _sinceUnixNs;
            if (!Present && lasted >= (long)(Limits.FibrillationSeconds * 1e9) - StepNs / 2 && lasted > 0)
            {
                return Begin(
                    _sinceUnixNs, waves.EndUnixNs,
                    string.Create(CultureInfo.InvariantCulture, $"Ventricular fibrillation: fibrillatory wave of {waves.AmplitudeMillivolts:F1} mV"), waves.AmplitudeMillivolts, "mV");
            }
        }

        return Present && status.TimeUnixNs - LastSeenUnixNs >= AbsentNs ? End(status.TimeUnixNs) : default;
    }
}
