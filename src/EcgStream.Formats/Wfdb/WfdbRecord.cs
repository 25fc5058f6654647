using System.Collections.Immutable;

namespace EcgStream.Formats.Wfdb;

/// <summary>
/// A WFDB record as it lies in its files: any signals, not only leads, and any sample rate. <see cref="WfdbRecordingReader"/> makes a
/// <see cref="Recording"/> of it.
/// </summary>
public sealed class WfdbRecord
{
    private readonly short[][] _samples;

    internal WfdbRecord(string headerPath, WfdbHeader header, short[][] samples, ImmutableArray<string> notes)
    {
        HeaderPath = headerPath;
        Header = header;
        _samples = samples;
        Notes = notes;
    }

    public string HeaderPath { get; }

    public WfdbHeader Header { get; }

    /// <summary>Samples of each signal.</summary>
    public int SampleCount => _samples[0].Length;

    /// <summary>What was found odd but proves no damage, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>The samples of one signal exactly as stored, missing ones included.</summary>
    public ReadOnlySpan<short> Samples(int signal) => _samples[signal];

    internal short[][] TakeSamples() => _samples;
}
