namespace EcgStream.Core.Alarms;

/// <summary>
/// What an alarm is about. The numbers are those of <c>ecgstream.v1.AlarmCondition</c>, stored and sent: 1 to 99 are conditions of
/// the patient, 100 and above technical ones.
/// </summary>
public enum AlarmCondition
{
    Unspecified = 0,
    Asystole = 1,
    AbnormalRhythm = 2,
    VentricularFibrillation = 3,
    VentricularTachycardia = 4,
    ExtremeBradycardia = 5,
    ExtremeTachycardia = 6,
    HighRate = 7,
    LowRate = 8,
    VentricularRun = 9,
    VentricularCouplet = 10,
    VentricularBigeminy = 11,
    VentricularTrigeminy = 12,
    ROnT = 13,
    FrequentPremature = 14,
    Pause = 15,
    AtrialFibrillation = 16,
    IrregularRhythm = 17,
    LeadOff = 100,
    NoData = 101,

    /// <summary>Electrodes are on, but no lead shows a signal that beats could be told in: arrhythmia analysis is suspended.</summary>
    AnalysisSuspended = 102,

    /// <summary>Samples arrive, but nothing of them is analysed.</summary>
    NotAnalysed = 103,

    /// <summary>Of the daemon itself: what it hears is watched, but not kept.</summary>
    RecordingSuspended = 120,

    /// <summary>Of the daemon itself: a database was damaged, is kept aside, and was begun anew.</summary>
    StorageDamaged = 121,

    /// <summary>Of the daemon itself: a model fails or is behind. Rules that need no model go on.</summary>
    ModelNotAnswering = 122,
}
