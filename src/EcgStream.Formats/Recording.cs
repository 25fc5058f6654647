using System.Collections.Immutable;
using System.Globalization;
using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>
/// One recording in memory: either digital (int16 LSB with gain and baseline per lead, bit-exact as stored) or physical (millivolts).
/// Immutable, so any number of threads may read it.
/// </summary>
public sealed class Recording
{
    /// <summary>The digital value that marks a missing sample, whatever the file's own mark was.</summary>
    public const short MissingSampleLsb = short.MinValue;

    public const double MinSampleRateHz = 100;
    public const double MaxSampleRateHz = 2000;

    /// <summary>
    /// Electrode offsets are at most ±300 mV (IEC 60601-2-27); ten times that cannot be an ECG and is a file in another unit.
    /// </summary>
    public const double MaxMillivolts = 3000;

    private readonly short[][] _digital;
    private readonly double[][] _millivolts;
    private readonly ImmutableArray<LeadScale> _scales;

    private Recording(RecordingInfo info, short[][] digital, double[][] millivolts, ImmutableArray<LeadScale> scales, long missing)
    {
        Info = info;
        _digital = digital;
        _millivolts = millivolts;
        _scales = scales;
        MissingSampleCount = missing;
        IsDigital = digital.Length > 0;
        SampleCount = IsDigital ? digital[0].Length : millivolts[0].Length;
    }

    public RecordingInfo Info { get; }

    public string Name => Info.Name;

    public double SampleRateHz => Info.SampleRateHz;

    public ImmutableArray<Lead> Leads => Info.Leads;

    public int LeadCount => Info.Leads.Length;

    /// <summary>Samples of each lead.</summary>
    public int SampleCount { get; }

    public TimeSpan Duration => TimeSpan.FromSeconds(SampleCount / SampleRateHz);

    /// <summary>True: <see cref="Digital"/> and <see cref="Scale"/> serve. False: <see cref="Millivolts"/> serves.</summary>
    public bool IsDigital { get; }

    /// <summary>Samples over all leads that the file does not hold: marked as missing, or in a gap between segments.</summary>
    public long MissingSampleCount { get; }

    /// <summary>Takes ownership of <paramref name="samples"/>, one array of LSB per lead; −32768 counts as missing.</summary>
    /// <exception cref="RecordingFormatException">Shape, lead, sample rate or scale is not that of a recording.</exception>
    public static Recording FromDigital(RecordingInfo info, short[][] samples, ImmutableArray<LeadScale> scales)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(samples);
        RecordingRules.CheckInfo(info);
        RecordingRules.CheckShape(info, samples);
        RecordingRules.CheckScales(info, scales);
        long missing = 0;
        foreach (short[] lead in samples)
        {
            missing += lead.AsSpan().Count(MissingSampleLsb);
        }

        return new Recording(info, samples, [], scales, missing);
    }

    /// <summary>Takes ownership of <paramref name="millivolts"/>, one array per lead.</summary>
    /// <param name="info">All but the samples.</param>
    /// <param name="millivolts">One array per lead.</param>
    /// <param name="missing">Whether NaN marks a missing sample or is refused.</param>
    /// <exception cref="RecordingFormatException">Shape, lead or sample rate is not that of a recording, or a value is not finite.</exception>
    public static Recording FromPhysical(RecordingInfo info, double[][] millivolts, MissingSamplePolicy missing = MissingSamplePolicy.Refuse)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(millivolts);
        RecordingRules.CheckInfo(info);
        RecordingRules.CheckShape(info, millivolts);
        long count = RecordingRules.CheckMillivolts(info, millivolts, missing);
        return new Recording(info, [], millivolts, [], count);
    }

    /// <summary>The stored samples of one lead, in LSB.</summary>
    public ReadOnlySpan<short> Digital(int leadIndex) =>
        IsDigital ? _digital[leadIndex] : throw new InvalidOperationException($"{Name} holds millivolts, not LSB; digitize it first");

    /// <summary>Gain and baseline of one lead.</summary>
    public LeadScale Scale(int leadIndex) =>
        IsDigital ? _scales[leadIndex] : throw new InvalidOperationException($"{Name} holds millivolts and has no scale");

    /// <summary>The stored samples of one lead, in millivolts.</summary>
    public ReadOnlySpan<double> Millivolts(int leadIndex) =>
        IsDigital ? throw new InvalidOperationException($"{Name} is digital; copy its millivolts") : _millivolts[leadIndex];

    /// <summary>
    /// Converts <paramref name="destination"/>.Length samples of one lead from <paramref name="start"/> to millivolts; missing samples become NaN.
    /// </summary>
    public void CopyMillivolts(int leadIndex, int start, Span<float> destination)
    {
        if (!IsDigital)
        {
            ReadOnlySpan<double> from = _millivolts[leadIndex].AsSpan(start, destination.Length);
            for (int i = 0; i < from.Length; i++)
            {
                destination[i] = (float)from[i];
            }

            return;
        }

        ReadOnlySpan<short> samples = _digital[leadIndex].AsSpan(start, destination.Length);
        LeadScale scale = _scales[leadIndex];
        for (int i = 0; i < samples.Length; i++)
        {
            destination[i] = (float)ToMillivolts(samples[i], scale);
        }
    }

    /// <inheritdoc cref="CopyMillivolts(int,int,Span{float})"/>
    public void CopyMillivolts(int leadIndex, int start, Span<double> destination)
    {
        if (!IsDigital)
        {
            _millivolts[leadIndex].AsSpan(start, destination.Length).CopyTo(destination);
            return;
        }

        ReadOnlySpan<short> samples = _digital[leadIndex].AsSpan(start, destination.Length);
        LeadScale scale = _scales[leadIndex];
        for (int i = 0; i < samples.Length; i++)
        {
            destination[i] = ToMillivolts(samples[i], scale);
        }
    }

    /// <summary>Whether a sample of a lead is missing.</summary>
    internal bool IsMissing(int leadIndex, int sample) =>
        IsDigital ? _digital[leadIndex][sample] == MissingSampleLsb : double.IsNaN(_millivolts[leadIndex][sample]);

    /// <summary>The same samples with other facts, e.g. a label joined in; leads and sample rate must stay.</summary>
    public Recording With(RecordingInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        RecordingRules.CheckInfo(info);
        if (!info.Leads.SequenceEqual(Leads) || info.SampleRateHz != SampleRateHz)
        {
            throw new ArgumentException("The samples belong to their leads and sample rate", nameof(info));
        }

        return new Recording(info, _digital, _millivolts, _scales, MissingSampleCount);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {LeadCount} leads x {SampleCount} samples at {SampleRateHz} Hz, {(IsDigital ? "digital" : "mV")}");

    private static double ToMillivolts(short sample, LeadScale scale) =>
        sample == MissingSampleLsb ? double.NaN : (sample - scale.BaselineLsb) * scale.GainMicrovoltsPerLsb / 1000;
}
