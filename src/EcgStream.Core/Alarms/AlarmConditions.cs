namespace EcgStream.Core.Alarms;

/// <summary>What follows from a condition alone.</summary>
public static class AlarmConditions
{
    private const int FirstTechnical = 100;

    public static AlarmKind Kind(this AlarmCondition condition) =>
        (int)condition >= FirstTechnical ? AlarmKind.Technical : AlarmKind.Patient;

    /// <summary>Name for metric tags and logs.</summary>
    public static string Tag(this AlarmCondition condition) => condition switch
    {
        AlarmCondition.Asystole => "asystole",
        AlarmCondition.AbnormalRhythm => "abnormal_rhythm",
        AlarmCondition.VentricularFibrillation => "ventricular_fibrillation",
        AlarmCondition.VentricularTachycardia => "ventricular_tachycardia",
        AlarmCondition.ExtremeBradycardia => "extreme_bradycardia",
        AlarmCondition.ExtremeTachycardia => "extreme_tachycardia",
        AlarmCondition.HighRate => "high_rate",
        AlarmCondition.LowRate => "low_rate",
        AlarmCondition.VentricularRun => "ventricular_run",
        AlarmCondition.VentricularCouplet => "ventricular_couplet",
        AlarmCondition.VentricularBigeminy => "ventricular_bigeminy",
        AlarmCondition.VentricularTrigeminy => "ventricular_trigeminy",
        AlarmCondition.ROnT => "r_on_t",
        AlarmCondition.FrequentPremature => "frequent_premature",
        AlarmCondition.Pause => "pause",
        AlarmCondition.AtrialFibrillation => "atrial_fibrillation",
        AlarmCondition.IrregularRhythm => "irregular_rhythm",
        AlarmCondition.LeadOff => "lead_off",
        AlarmCondition.NoData => "no_data",
        AlarmCondition.AnalysisSuspended => "analysis_suspended",
        AlarmCondition.NotAnalysed => "not_analysed",
        AlarmCondition.RecordingSuspended => "recording_suspended",
        AlarmCondition.StorageDamaged => "storage_damaged",
        AlarmCondition.ModelNotAnswering => "model_not_answering",
        _ => "unknown",
    };

    /// <summary>Name for metric tags and logs.</summary>
    public static string Tag(this AlarmTransition transition) => transition switch
    {
        AlarmTransition.Raised => "raised",
        AlarmTransition.Updated => "updated",
        AlarmTransition.Acknowledged => "acknowledged",
        AlarmTransition.Latched => "latched",
        AlarmTransition.Cleared => "cleared",
        _ => "unknown",
    };

    /// <summary>Text with the mark that IEC 60601-1-8 displays use: <c>***</c> high, <c>**</c> medium, <c>*</c> low.</summary>
    public static string Marked(this AlarmPriority priority, string text) => priority switch
    {
        AlarmPriority.High => "*** " + text,
        AlarmPriority.Medium => "** " + text,
        AlarmPriority.Low => "* " + text,
        _ => text,
    };
}
