using System.ComponentModel.DataAnnotations;

namespace EcgStream.Core.Arrhythmia;

/// <summary>
/// What the arrhythmia rules decide by: the ward's defaults from the settings, or one patient's own set at run time. A set of limits is
/// never changed once it is in use; a change is a new set. Definitions after the manuals of bedside monitors and the PhysioNet/CinC Challenge 2015.
/// Asystole, ventricular fibrillation and ventricular tachycardia have limits, but no switch.
/// </summary>
public sealed record ArrhythmiaLimits : IValidatableObject
{
    public const string SectionName = "Arrhythmia";

    /// <summary>No QRS for so long is asystole. Less makes pauses asystole; EC13 wants standstill alarmed within 10 s.</summary>
    [Range(3.0, 8.0)]
    public double AsystoleSeconds { get; set; } = 4;

    /// <summary>A fibrillatory wave for so long is ventricular fibrillation or flutter. It is judged once a second.</summary>
    [Range(3.0, 8.0)]
    public double FibrillationSeconds { get; set; } = 4;

    /// <summary>So many ventricular beats in a row, at <see cref="TachycardiaVentricularBpm"/> or more, are ventricular tachycardia.</summary>
    [Range(3, 15)]
    public int TachycardiaVentricularBeats { get; set; } = 5;

    /// <summary>See <see cref="TachycardiaVentricularBeats"/>.</summary>
    [Range(80.0, 200.0)]
    public double TachycardiaVentricularBpm { get; set; } = 100;

    /// <summary>Under this rate over <see cref="ExtremeBradycardiaBeats"/> beats: high priority. At most <see cref="LowRateBpm"/>.</summary>
    [Range(15.0, 100.0)]
    public double ExtremeBradycardiaBpm { get; set; } = 40;

    /// <summary>Beats over which the rate of <see cref="ExtremeBradycardiaBpm"/> must hold.</summary>
    [Range(3, 15)]
    public int ExtremeBradycardiaBeats { get; set; } = 5;

    /// <summary>Over this rate over <see cref="ExtremeTachycardiaBeats"/> beats: high priority. At least <see cref="HighRateBpm"/>.</summary>
    [Range(60.0, 300.0)]
    public double ExtremeTachycardiaBpm { get; set; } = 140;

    /// <summary>Beats over which the rate of extreme tachycardia must hold.</summary>
    [Range(5, 25)]
    public int ExtremeTachycardiaBeats { get; set; } = 17;

    /// <summary>Mean rate under this: medium priority.</summary>
    [Range(15.0, 200.0)]
    public double LowRateBpm { get; set; } = 50;

    /// <summary>Mean rate over this: medium priority.</summary>
    [Range(40.0, 300.0)]
    public double HighRateBpm { get; set; } = 120;

    /// <summary>An interval between beats longer than this is a pause; shorter than <see cref="AsystoleSeconds"/>.</summary>
    [Range(1.0, 9.0)]
    public double PauseSeconds { get; set; } = 3;

    /// <summary>So many premature ventricular beats within a minute.</summary>
    [Range(1, 60)]
    public int PrematurePerMinute { get; set; } = 10;

    /// <summary>A probability of atrial fibrillation, over windows that count, from which it begins.</summary>
    [Range(0.1, 0.99)]
    public double AtrialFibrillationProbability { get; set; } = 0.5;

    // The switches: true = the condition raises alarms.
    /// <summary>Switch of extreme tachycardia and extreme bradycardia.</summary>
    public bool ExtremeRates { get; set; } = true;

    /// <summary>Switch of the limits of the heart rate.</summary>
    public bool Rates { get; set; } = true;

    /// <summary>Switch of ventricular and supraventricular runs, ventricular tachycardia among them.</summary>
    public bool Runs { get; set; } = true;

    /// <summary>Switch of couplets.</summary>
    public bool Couplets { get; set; } = true;

    /// <summary>Switch of bigeminy and trigeminy.</summary>
    public bool Bigeminy { get; set; } = true;

    /// <summary>Switch of R on T.</summary>
    public bool ROnT { get; set; } = true;

    /// <summary>Switch of frequent premature beats.</summary>
    public bool FrequentPremature { get; set; } = true;

    /// <summary>Switch of pauses.</summary>
    public bool Pauses { get; set; } = true;

    /// <summary>Switch of atrial fibrillation.</summary>
    public bool AtrialFibrillation { get; set; } = true;

    /// <summary>Switch of irregular rhythm.</summary>
    public bool IrregularRhythm { get; set; } = true;

    /// <summary>The rules between limits; each names what must change, its value and its limit.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PauseSeconds >= AsystoleSeconds)
        {
            yield return Fault(nameof(PauseSeconds), PauseSeconds, $"less than {nameof(AsystoleSeconds)} ({Text(AsystoleSeconds)})");
        }

        if (ExtremeBradycardiaBpm > LowRateBpm)
        {
            yield return Fault(nameof(ExtremeBradycardiaBpm), ExtremeBradycardiaBpm, $"at most {nameof(LowRateBpm)} ({Text(LowRateBpm)})");
        }

        if (LowRateBpm >= HighRateBpm)
        {
            yield return Fault(nameof(LowRateBpm), LowRateBpm, $"less than {nameof(HighRateBpm)} ({Text(HighRateBpm)})");
        }

        if (ExtremeTachycardiaBpm < HighRateBpm)
        {
            yield return Fault(nameof(ExtremeTachycardiaBpm), ExtremeTachycardiaBpm, $"at least {nameof(HighRateBpm)} ({Text(HighRateBpm)})");
        }
    }

    private static ValidationResult Fault(string member, double value, string limit) =>
        new($"{SectionName}:{member} ({Text(value)}) must be {limit}.", [member]);

    private static string Text(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
