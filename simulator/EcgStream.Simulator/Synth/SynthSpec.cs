using EcgStream.Core.Signals;

namespace EcgStream.Simulator.Synth;

/// <summary>What the synthesizer is to make. The same spec gives the same samples on every machine.</summary>
public sealed record SynthSpec
{
    /// <summary>Rhythm during the episode; before and after it the patient is in sinus rhythm.</summary>
    public RhythmKind Rhythm { get; init; } = RhythmKind.Sinus;

    /// <summary>Chooses the patient (axis, intervals, amplitudes) and everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Leads in the order in which they are written.</summary>
    public IReadOnlyList<Lead> Leads { get; init; } = LeadNames.StandardTwelve;

    public double SampleRateHz { get; init; } = 500;

    /// <summary>Mean rate during the episode; null lets the seed choose one that suits the rhythm.</summary>
    public double? HeartRateBpm { get; init; }

    /// <summary>Premature ventricular contractions (or runs of them) per minute, for <see cref="RhythmKind.PrematureVentricular"/>.</summary>
    public double PvcPerMinute { get; init; } = 12;

    /// <summary>Beats of each premature run: 1 = single contractions, 3 and more = ventricular tachycardia.</summary>
    public int PvcRunLength { get; init; } = 1;

    /// <summary>Start of the episode; null = 0, or 12 s for asystole and ventricular fibrillation, which follow a sinus start.</summary>
    public TimeSpan? Onset { get; init; }

    /// <summary>Length of the episode; null = for ever.</summary>
    public TimeSpan? EpisodeDuration { get; init; }

    public NoiseSpec Noise { get; init; } = NoiseSpec.Resting;

    internal double OnsetSeconds => Onset?.TotalSeconds
        ?? (Rhythm is RhythmKind.Asystole or RhythmKind.VentricularFibrillation ? 12 : 0);

    internal double EndSeconds => EpisodeDuration is { } length ? OnsetSeconds + length.TotalSeconds : double.PositiveInfinity;

    /// <exception cref="ArgumentException">A value is outside what the synthesizer can make; the message names it and its limit.</exception>
    public void Validate()
    {
        Require(SampleRateHz is >= 100 and <= 1000, nameof(SampleRateHz), SampleRateHz, "100 to 1000 Hz");
        Require(HeartRateBpm is null or (>= 20 and <= 220), nameof(HeartRateBpm), HeartRateBpm, "20 to 220 beats per minute");
        Require(PvcPerMinute is >= 0 and <= 60, nameof(PvcPerMinute), PvcPerMinute, "0 to 60 per minute");
        Require(PvcRunLength is >= 1 and <= 200, nameof(PvcRunLength), PvcRunLength, "1 to 200 beats");
        Require(Onset is null || Onset >= TimeSpan.Zero, nameof(Onset), Onset, "0 or later");
        Require(EpisodeDuration is null || EpisodeDuration > TimeSpan.Zero, nameof(EpisodeDuration), EpisodeDuration, "longer than 0");
        Require(Leads.Count is >= 1 and <= 16 && Leads.Distinct().Count() == Leads.Count, nameof(Leads), string.Join(' ', Leads), "1 to 16 leads, none twice");
        Noise.Validate();
    }

    private static void Require(bool holds, string name, object? value, string limit)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {limit}.");
        }
    }
}
