using static EcgStream.Core.Alarms.AlarmCondition;

namespace EcgStream.Core.Alarms;

/// <summary>
/// Of overlapping conditions the worst is told: for each condition those that take its place while they are present. A condition never has a
/// higher priority than one that takes its place, so whoever follows from some priority on sees the worse one.
/// </summary>
internal static class AlarmChain
{
    /// <summary>Conditions from the worst on: the order in which they are judged and told.</summary>
    private static readonly Dictionary<AlarmCondition, AlarmCondition[]> Worse = new()
    {
        [Asystole] = [VentricularFibrillation],
        [VentricularTachycardia] = [VentricularFibrillation],
        [ExtremeTachycardia] = [VentricularFibrillation, VentricularTachycardia],
        [ExtremeBradycardia] = [VentricularFibrillation, Asystole],
        [HighRate] = [VentricularFibrillation, VentricularTachycardia, ExtremeTachycardia],
        [LowRate] = [VentricularFibrillation, Asystole, ExtremeBradycardia],
        [Pause] = [VentricularFibrillation, Asystole, ExtremeBradycardia],
        [VentricularRun] = [VentricularFibrillation, VentricularTachycardia],
        [ROnT] = [VentricularFibrillation, VentricularTachycardia, VentricularRun],
        [VentricularCouplet] = [VentricularFibrillation, VentricularTachycardia, VentricularRun],
        [VentricularBigeminy] = [VentricularFibrillation, VentricularTachycardia, VentricularRun],
        [VentricularTrigeminy] = [VentricularFibrillation, VentricularTachycardia, VentricularRun, VentricularBigeminy],
        [FrequentPremature] = [VentricularFibrillation, VentricularTachycardia],
        [AtrialFibrillation] = [VentricularFibrillation, VentricularTachycardia],
        [IrregularRhythm] = [VentricularFibrillation, VentricularTachycardia, AtrialFibrillation, FrequentPremature],
    };

    /// <summary>For each rule of a table the places of those that take its place.</summary>
    public static int[][] Of(IReadOnlyList<AlarmRule> rules)
    {
        var places = new int[rules.Count][];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = Worse.TryGetValue(rules[i].Condition, out var worse)
                ? [.. Enumerable.Range(0, rules.Count).Where(other => worse.Contains(rules[other].Condition))]
                : [];
        }

        return places;
    }
}
