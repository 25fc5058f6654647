using System.Collections.Immutable;

namespace EcgStream.Formats.Wfdb;

/// <summary>
/// A WFDB record of one segment as it lies in its files: any signals, not only leads, and any sample rate. <see cref="WfdbRecordingReader"/> makes a
/// <see cref="Recording"/> of it.
/// </summary>
public sealed class WfdbRecord
{
    private readonly WfdbSignal[] _signals;

    internal WfdbRecord(string headerPath, WfdbHeader header, WfdbSignal[] signals, ImmutableArray<string> notes)
    {
        HeaderPath = headerPath;
        Header = header;
        _signals = signals;
        Notes = notes;
    }

    public string HeaderPath { get; }

    public WfdbHeader Header { get; }

    /// <summary>Samples of the first signal.</summary>
    public int SampleCount => _signals[0].Samples.Length;

    /// <summary>What was found odd but proves no damage, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>
    /// The samples of one signal, missing ones included. Those of formats wider than 16 bits that do not fit 16 are brought to 16.
    /// </summary>
    public ReadOnlySpan<short> Samples(int signal) => _signals[signal].Samples;

    internal ReadOnlySpan<WfdbSignal> Signals => _signals;
}

/// <summary>One signal as it was read.</summary>
/// <param name="Samples">In LSB; one of a wide format is (stored − <paramref name="OffsetLsb"/>) / <paramref name="StepLsb"/>, rounded.</param>
/// <param name="Missing">The value that marks a missing sample in <paramref name="Samples"/>; null where the format has none.</param>
/// <param name="Damage">Why the samples are not those that were written; null where nothing says so.</param>
internal sealed record WfdbSignal(short[] Samples, short? Missing, int StepLsb, int OffsetLsb, RecordingFormatException? Damage);
