using EcgStream.Client.Encoding;
using EcgStream.Core.Signals;
using EcgStream.Formats;

namespace EcgStream.Evaluation.Pipeline;

/// <summary>The samples of a recording as a device would send them: int16 at one scale for all leads, none missing.</summary>
internal sealed class DeviceCounts
{
    private readonly short[][] _leads;

    private DeviceCounts(short[][] leads, LeadScale scale, long missing)
    {
        _leads = leads;
        Scale = scale;
        Missing = missing;
    }

    public LeadScale Scale { get; }

    /// <summary>Samples that the file marks as missing; they hold the value before them.</summary>
    public long Missing { get; }

    public int SampleCount => _leads[0].Length;

    public ReadOnlySpan<short> this[int lead] => _leads[lead];

    /// <summary>Bit-exact where all leads have one scale, else rounded to a common one.</summary>
    /// <exception cref="RecordingFormatException">The recording cannot be streamed: rate or length is outside what a device may send.</exception>
    public static DeviceCounts Of(Recording recording)
    {
        if (recording.SampleRateHz > ChunkLimits.MaxSampleRateHz)
        {
            throw new RecordingFormatException(
                RecordingFault.SampleRate, recording.Info.SourcePath, "", FormattableString.Invariant($"{recording.SampleRateHz} Hz; a device sends at most {ChunkLimits.MaxSampleRateHz} Hz"));
        }

        if (recording.Duration.TotalSeconds < ChunkLimits.MinSeconds)
        {
            throw new RecordingFormatException(
                RecordingFault.Shape, recording.Info.SourcePath, "", FormattableString.Invariant($"{recording.SampleCount} samples; one chunk needs {ChunkLimits.MinSeconds} s at least"));
        }

        var digital = HasOneScale(recording) ? recording : RecordingDigitizer.ToDigital(recording, CommonGain(recording));
        var leads = new short[digital.LeadCount][];
        for (var lead = 0; lead < leads.Length; lead++)
        {
            leads[lead] = digital.MissingSampleCount == 0 ? digital.Digital(lead).ToArray() : Held(digital.Digital(lead), (short)digital.Scale(lead).BaselineLsb);
        }

        return new DeviceCounts(leads, digital.Scale(0), digital.MissingSampleCount);
    }

    private static bool HasOneScale(Recording recording) =>
        recording.IsDigital && Enumerable.Range(1, recording.LeadCount - 1).All(lead => recording.Scale(lead) == recording.Scale(0));

    private static double CommonGain(Recording recording)
    {
        var row = new float[recording.SampleCount];
        var gain = 1.0;
        for (var lead = 0; lead < recording.LeadCount; lead++)
        {
            recording.CopyMillivolts(lead, 0, row.AsSpan());
            row.AsSpan().Replace(float.NaN, 0);
            gain = Math.Max(gain, Quantizer.ChooseGainMicrovolts(row));
        }

        return gain;
    }

    private static short[] Held(ReadOnlySpan<short> samples, short before)
    {
        var held = samples.ToArray();
        for (var index = 0; index < held.Length; index++)
        {
            before = held[index] = held[index] == Recording.MissingSampleLsb ? before : held[index];
        }

        return held;
    }
}
