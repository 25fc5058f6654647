using EcgStream.Protocol.V1;
using Google.Protobuf;

namespace EcgStream.Functional.Tests;

/// <summary>Well-formed chunks of a plain signal, for tests that look at how chunks are taken, not at what is in them.</summary>
public static class TestChunks
{
    public static readonly Lead[] Twelve =
        [Lead.I, Lead.Ii, Lead.Iii, Lead.Avr, Lead.Avl, Lead.Avf, Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V5, Lead.V6];

    /// <summary>Device clock of the first sample of every test session.</summary>
    public const ulong StartUnixNs = 1_772_000_000_000_000_000;

    public static SampleChunk Make(string device, ulong sequence, ulong session = 7, int samples = 125, Lead[]? leads = null, double rateHz = 500)
    {
        leads ??= Twelve;
        var bytes = new byte[leads.Length * samples * 2];
        for (var lead = 0; lead < leads.Length; lead++)
        {
            for (var i = 0; i < samples; i++)
            {
                var n = ((long)sequence * samples) + i;
                BitConverter.TryWriteBytes(bytes.AsSpan(((lead * samples) + i) * 2), (short)(100 * Math.Sin(n * 0.05) * (lead + 1)));
            }
        }

        var chunk = new SampleChunk
        {
            DeviceId = device,
            SessionId = session,
            Sequence = sequence,
            DeviceTimeUnixNs = StartUnixNs + (ulong)(sequence * (ulong)samples * (1e9 / rateHz)),
            SampleRateHz = rateHz,
            SamplesPerLead = (uint)samples,
            GainMicrovoltsPerLsb = 1,
            BaselineLsb = 0,
            ElectrodesOff = 0,
            Samples = UnsafeByteOperations.UnsafeWrap(bytes),
        };
        chunk.Leads.Add(leads);
        return chunk;
    }

    /// <summary>Chunks that must each be refused, with the reason that counts them.</summary>
    public static IEnumerable<(string Name, SampleChunk Chunk, RefusalReason Reason)> Bad(string device)
    {
        yield return ("no device id", With(device, chunk => chunk.DeviceId = ""), RefusalReason.MissingField);
        yield return ("device id with a space", With(device, chunk => chunk.DeviceId = "a b"), RefusalReason.DeviceId);
        yield return ("no session", With(device, chunk => chunk.ClearSessionId()), RefusalReason.MissingField);
        yield return ("no sequence", With(device, chunk => chunk.ClearSequence()), RefusalReason.MissingField);
        yield return ("no clock", With(device, chunk => chunk.ClearDeviceTimeUnixNs()), RefusalReason.MissingField);
        yield return ("no gain", With(device, chunk => chunk.ClearGainMicrovoltsPerLsb()), RefusalReason.MissingField);
        yield return ("no electrode bits", With(device, chunk => chunk.ClearElectrodesOff()), RefusalReason.MissingField);
        yield return ("50 Hz", With(device, chunk => chunk.SampleRateHz = 50), RefusalReason.SampleRate);
        yield return ("rate NaN", With(device, chunk => chunk.SampleRateHz = double.NaN), RefusalReason.SampleRate);
        yield return ("gain NaN", With(device, chunk => chunk.GainMicrovoltsPerLsb = double.NaN), RefusalReason.Gain);
        yield return ("gain 0", With(device, chunk => chunk.GainMicrovoltsPerLsb = 0), RefusalReason.Gain);
        yield return ("unknown lead", With(device, chunk => chunk.Leads[3] = (Lead)99), RefusalReason.Leads);
        yield return ("a lead twice", With(device, chunk => chunk.Leads[3] = Lead.I), RefusalReason.Leads);
        yield return ("one sample short", With(device, chunk => chunk.SamplesPerLead--), RefusalReason.SampleCount);
        yield return ("2.5 s", Make(device, 1, samples: 1250), RefusalReason.Duration);
        yield return ("10 ms", Make(device, 1, samples: 5), RefusalReason.Duration);
        yield return ("over 256 KiB", With(device, chunk => chunk.Samples = ByteString.CopyFrom(new byte[300_000])), RefusalReason.TooLarge);
        yield return ("bits beyond the electrodes", With(device, chunk => chunk.ElectrodesOff = 1 << 20), RefusalReason.Electrodes);
    }

    private static SampleChunk With(string device, Action<SampleChunk> change)
    {
        var chunk = Make(device, 1);
        change(chunk);
        return chunk;
    }
}
