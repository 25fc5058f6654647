using EcgStream.Formats;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>
/// Between the device clock of a run and the samples of its recording, at the recording's own rate whatever rate it was analysed at: what the pipeline found
/// is brought to the reference's times, the reference is never moved.
/// </summary>
/// <param name="StartUnixNs">Device clock of the recording's first sample.</param>
/// <param name="SampleRateHz">Of the recording.</param>
/// <param name="SampleCount">Of each lead.</param>
internal readonly record struct RecordTime(long StartUnixNs, double SampleRateHz, int SampleCount)
{
    public static RecordTime Of(Recording recording) => new(RunOptions.StartUnixNs, recording.SampleRateHz, recording.SampleCount);

    /// <summary>Device clock behind the recording's last sample.</summary>
    public long EndUnixNs => UnixNsOf(SampleCount);

    /// <summary>The nearest sample.</summary>
    public long SampleAt(long unixNs) => (long)Math.Round((unixNs - StartUnixNs) * 1e-9 * SampleRateHz);

    public long UnixNsOf(long sample) => StartUnixNs + (long)Math.Round(sample * 1e9 / SampleRateHz);

    public double SecondsAt(long unixNs) => (unixNs - StartUnixNs) * 1e-9;
}
