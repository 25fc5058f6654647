namespace EcgStream.Formats;

/// <summary>Converter units per millivolt, and the value of 0 mV, of digital samples whose file does not state them (<c>--gain</c>).</summary>
/// <param name="LsbPerMillivolt">Finite and above 0.</param>
/// <param name="BaselineLsb">Null: what the file says, else 0.</param>
public readonly record struct StatedGain(double LsbPerMillivolt, int? BaselineLsb = null)
{
    public LeadScale Scale => new(1000 / LsbPerMillivolt, BaselineLsb ?? 0);

    /// <summary>Reads <c>200</c> or <c>200(1024)</c>, as WFDB writes gain and baseline.</summary>
    public static bool TryParse(string? text, out StatedGain gain)
    {
        gain = default;
        text ??= "";
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0 && (!text.EndsWith(')') || !InvariantNumber.TryInt(text.AsSpan()[(open + 1)..^1], out int baseline)))
        {
            return false;
        }

        int? stated = open >= 0 && InvariantNumber.TryInt(text.AsSpan()[(open + 1)..^1], out baseline) ? baseline : null;
        if (!InvariantNumber.TryDouble(open < 0 ? text : text.AsSpan()[..open], out double value) || value is not (> 0 and <= 1e9))
        {
            return false;
        }

        gain = new StatedGain(value, stated);
        return true;
    }
}

/// <summary>
/// What the caller states about files that do not say it themselves. What is taken from here, and what a file lacks and nobody states, is named in
/// <see cref="RecordingInfo.Notes"/>.
/// </summary>
public sealed record RecordingDefaults
{
    /// <summary>The samples per second of the competitions' files, which state none.</summary>
    public const double AssumedSampleRateHz = 500;

    /// <summary>Nothing stated: 500 Hz, millivolts, the twelve standard leads for matrices of 12, the competitions' convention.</summary>
    public static RecordingDefaults Standard { get; } = new();

    /// <summary>Samples per second and lead of files that do not state it, 100 to 2000 (<c>--fs</c>); null: 500. A file that states another rate is refused.</summary>
    public double? SampleRateHz { get; init; }

    /// <summary>
    /// Unit of floating-point samples in MAT files and of CSV samples (<c>--unit</c>); it wins over the unit that a CSV states. Null: the file's own, else millivolts.
    /// </summary>
    public PhysicalUnit? Unit { get; init; }

    /// <summary>Leads of files that do not name them, or not by a name that is known (<c>--lead</c>).</summary>
    public LeadAssignment? Leads { get; init; }

    /// <summary>
    /// Gain of digital samples (<c>--gain</c>). It wins over that of a WFDB header. Null: the header's, else WFDB's 200 per millivolt; integer matrices are refused, for they
    /// are rarely millivolts.
    /// </summary>
    public StatedGain? Gain { get; init; }

    public MissingSamplePolicy MissingSamples { get; init; } = MissingSamplePolicy.Refuse;

    /// <summary>The variable of a MAT file that holds the samples, <c>ECG.data</c> say (<c>--variable</c>); null: found by name and shape.</summary>
    public string? Variable { get; init; }

    /// <summary>Reads NAME.atr beside a WFDB header where there is one.</summary>
    public bool ReadAnnotations { get; init; } = true;

    public RecordingLimits Limits { get; init; } = RecordingLimits.Standard;

    /// <summary>The rate of a file: its own, else the caller's, else <see cref="AssumedSampleRateHz"/>.</summary>
    /// <exception cref="RecordingFormatException">File and caller state different rates.</exception>
    internal double RateOf(string path, double? ownHz, string ownPlace, ICollection<string> notes)
    {
        if (ownHz is not { } own)
        {
            notes.Add(SampleRateHz is { } given
                ? FormattableString.Invariant($"sample rate {given} Hz as --fs says")
                : FormattableString.Invariant($"the file states no sample rate; {AssumedSampleRateHz} Hz assumed, --fs states another"));
            return SampleRateHz ?? AssumedSampleRateHz;
        }

        // A rate measured from a time column is rounded.
        const double Tolerance = 0.005;
        return SampleRateHz is not { } stated || Math.Abs(stated - own) <= Tolerance * own
            ? SampleRateHz ?? own
            : throw new RecordingFormatException(
                RecordingFault.SampleRate, path, ownPlace, FormattableString.Invariant($"the file states {own} Hz, --fs {stated} Hz; leave --fs out to read it at its own rate"));
    }
}
