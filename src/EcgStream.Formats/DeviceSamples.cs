using EcgStream.Core.Signals;

namespace EcgStream.Formats;

/// <summary>The samples of a recording as a device would send them: int16 at one scale for all leads; a missing sample holds the value before it.</summary>
public sealed class DeviceSamples
{
    private readonly Recording _recording;
    private readonly LeadList _list;
    private readonly short[][] _leads;

    private DeviceSamples(Recording recording, short[][] leads, LeadScale scale)
    {
        _recording = recording;
        _leads = leads;
        _list = LeadList.Of(recording.Leads.AsSpan());
        Scale = scale;
    }

    public LeadScale Scale { get; }

    /// <summary>Samples over all leads that the file does not hold.</summary>
    public long Missing => _recording.MissingSampleCount;

    public int SampleCount => _leads[0].Length;

    public ReadOnlySpan<short> this[int lead] => _leads[lead];

    /// <summary>Bit-exact where all leads have one scale, else rounded to the finest of 1, 2, 5, 10 … µV that holds all.</summary>
    /// <exception cref="RecordingFormatException">The recording cannot be streamed: rate or length is outside what a device may send.</exception>
    public static DeviceSamples Of(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        string path = recording.Info.SourcePath;
        if (recording.SampleRateHz > ChunkLimits.MaxSampleRateHz)
        {
            throw new RecordingFormatException(
                RecordingFault.SampleRate, path, "", FormattableString.Invariant($"{recording.SampleRateHz} Hz; a device sends at most {ChunkLimits.MaxSampleRateHz} Hz"));
        }

        if (recording.Duration.TotalSeconds < ChunkLimits.MinSeconds)
        {
            throw new RecordingFormatException(
                RecordingFault.Shape, path, "", FormattableString.Invariant($"{recording.SampleCount} samples; one chunk needs {ChunkLimits.MinSeconds} s at least"));
        }

        if (recording.LeadCount > LeadList.MaxCount)
        {
            throw new RecordingFormatException(
                RecordingFault.LimitExceeded, path, "", FormattableString.Invariant($"{recording.LeadCount} leads; a device sends at most {LeadList.MaxCount}, --lead leaves some out"));
        }

        Recording digital = HasOneScale(recording) ? recording : RecordingDigitizer.ToDigital(recording, RecordingDigitizer.FinestRoundGain(recording));
        short[][] leads = new short[digital.LeadCount][];
        for (int lead = 0; lead < leads.Length; lead++)
        {
            leads[lead] = digital.Digital(lead).ToArray();
            if (digital.MissingSampleCount > 0)
            {
                Hold(leads[lead], (short)digital.Scale(lead).BaselineLsb);
            }
        }

        return new DeviceSamples(digital, leads, digital.Scale(0));
    }

    /// <summary>
    /// Electrodes that are off over a stretch because samples are missing in it: those whose loss takes no lead that is there. A lead that shares its electrodes with
    /// leads that are there cannot be told off; it holds its value, which the daemon sees as a flat lead.
    /// </summary>
    public uint ElectrodesOff(int start, int length)
    {
        uint missing = 0;
        for (int lead = 0; Missing > 0 && lead < _leads.Length; lead++)
        {
            for (int i = start; i < Math.Min(start + length, SampleCount); i++)
            {
                if (_recording.IsMissing(lead, i))
                {
                    missing |= _recording.Leads[lead].Bit();
                    break;
                }
            }
        }

        uint possible = _list.Count == 1 ? ChunkLimits.SingleLeadElectrodes : ChunkLimits.AllElectrodes;
        uint off = 0;
        for (uint electrode = 1; missing != 0 && electrode <= possible; electrode <<= 1)
        {
            uint lost = Electrodes.LeadsOff(electrode, _list);
            off |= lost != 0 && (lost & ~missing) == 0 ? electrode : 0;
        }

        return off;
    }

    private static bool HasOneScale(Recording recording)
    {
        if (!recording.IsDigital || recording.Scale(0).BaselineLsb is < short.MinValue or > short.MaxValue)
        {
            return false;
        }

        return Enumerable.Range(1, recording.LeadCount - 1).All(lead => recording.Scale(lead) == recording.Scale(0));
    }

    private static void Hold(short[] samples, short before)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            before = samples[i] = samples[i] == Recording.MissingSampleLsb ? before : samples[i];
        }
    }
}
