using System.ComponentModel.DataAnnotations;
using EcgStream.Core.Alarms;

namespace EcgStream.Core.Tests.Alarms;

public sealed class AlarmOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => Assert.Empty(Faults(new AlarmOptions()));

    [Theory]
    [InlineData(nameof(AlarmOptions.RhythmRaise), 8, 7, 5)]
    [InlineData(nameof(AlarmOptions.RhythmClear), 5, 7, 8)]
    [InlineData(nameof(AlarmOptions.RhythmClear), 3, 7, 4)]
    public void Validate_HysteresisThatContradictsItself_NamesTheKey(string key, int raise, int windows, int clear) =>
        Assert.Contains(key, Faults(new AlarmOptions { RhythmRaise = raise, RhythmWindows = windows, RhythmClear = clear }));

    [Fact]
    public void Validate_LeadOnFasterThanLeadOff_IsRefused() =>
        Assert.Contains(nameof(AlarmOptions.LeadOnAfter), Faults(new AlarmOptions { LeadOffAfter = TimeSpan.FromSeconds(3) }));

    [Fact]
    public void Validate_OutOfRange_IsRefused() =>
        Assert.Contains(nameof(AlarmOptions.DetectorLearning), Faults(new AlarmOptions { DetectorLearning = TimeSpan.FromSeconds(3) }));

    /// <summary>The numbers are in journals and on the wire.</summary>
    [Fact]
    public void Numbers_AreThoseOfTheProto()
    {
        Assert.Equal(
            "1 Asystole, 2 AbnormalRhythm, 3 VentricularFibrillation, 4 VentricularTachycardia, 5 ExtremeBradycardia, 6 ExtremeTachycardia, 7 HighRate, 8 LowRate, "
            + "9 VentricularRun, 10 VentricularCouplet, 11 VentricularBigeminy, 12 VentricularTrigeminy, 13 ROnT, 14 FrequentPremature, 15 Pause, 16 AtrialFibrillation, "
            + "17 IrregularRhythm, 100 LeadOff, 101 NoData, 102 AnalysisSuspended, 103 NotAnalysed, "
            + "120 RecordingSuspended, 121 StorageDamaged, 122 ModelNotAnswering",
            Frozen<AlarmCondition>());
        Assert.Equal("1 Low, 2 Medium, 3 High", Frozen<AlarmPriority>());
        Assert.Equal("1 Patient, 2 Technical", Frozen<AlarmKind>());
        Assert.Equal("1 Active, 2 Acknowledged, 3 Latched, 4 Cleared", Frozen<AlarmState>());
        Assert.Equal("1 Raised, 2 Updated, 3 Acknowledged, 4 Latched, 5 Cleared", Frozen<AlarmTransition>());
    }

    private static string Frozen<T>() where T : struct, Enum =>
        string.Join(", ", Enum.GetValues<T>().Where(v => Convert.ToInt32(v, null) != 0).Select(v => $"{Convert.ToInt32(v, null)} {v}"));

    private static List<string> Faults(AlarmOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.SelectMany(r => r.MemberNames).ToList();
    }
}
