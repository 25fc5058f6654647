using System.Collections.Immutable;
using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>
/// What the caller states about files that do not say it themselves. Only facts that a file lacks are taken from here, and each
/// one taken is named in <see cref="RecordingInfo.Notes"/>. A WFDB header states all of them, so nothing here changes its meaning.
/// </summary>
public sealed record RecordingDefaults
{
    /// <summary>500 Hz, millivolts, the twelve standard leads for 12-row matrices; the competitions' convention.</summary>
    public static RecordingDefaults Standard { get; } = new();

    /// <summary>Samples per second and lead of MAT and CSV files, 100 to 2000.</summary>
    public double SampleRateHz { get; init; } = 500;

    /// <summary>Unit of floating-point samples in MAT files and of CSV samples.</summary>
    public PhysicalUnit Unit { get; init; } = PhysicalUnit.Millivolts;

    /// <summary>
    /// Leads of a matrix, in order. Null: the twelve standard leads where one dimension is 12, <see cref="SingleLead"/> where one is 1.
    /// </summary>
    public ImmutableArray<Lead>? Leads { get; init; }

    /// <summary>The lead of files that hold one lead without a name. Null: such files are refused.</summary>
    public Lead? SingleLead { get; init; }

    /// <summary>Scale of integer matrices in MAT files without a WFDB header. Null: such files are refused; integers are rarely mV.</summary>
    public LeadScale? IntegerScale { get; init; }

    public MissingSamplePolicy MissingSamples { get; init; } = MissingSamplePolicy.Refuse;

    /// <summary>Reads NAME.atr beside a WFDB header where there is one.</summary>
    public bool ReadAnnotations { get; init; } = true;

    public RecordingLimits Limits { get; init; } = RecordingLimits.Standard;

    internal double MillivoltsPerUnit => Unit switch
    {
        PhysicalUnit.Millivolts => 1,
        PhysicalUnit.Microvolts => 1e-3,
        PhysicalUnit.Volts => 1e3,
        _ => throw new InvalidOperationException($"{nameof(RecordingDefaults)}.{nameof(Unit)} = {Unit} is not a unit"),
    };
}
