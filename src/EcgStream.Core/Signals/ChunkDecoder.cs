using System.Globalization;
using System.Text;

namespace EcgStream.Core.Signals;

/// <summary>
/// Decodes and checks a serialized <c>ecgstream.v1.SampleChunk</c>. Written by hand because this runs for every chunk of every device and allocates
/// nothing as long as the chunk is good and its device is known; the property tests hold it against the generated parser.
/// </summary>
public static class ChunkDecoder
{
    /// <summary>Decodes one payload. Any thread.</summary>
    /// <param name="payload">The message, whole.</param>
    /// <param name="ids">Where device ids are kept.</param>
    /// <param name="header">The chunk, when it is good.</param>
    /// <param name="refusal">The first rule that the chunk breaks, when it is not: size, then wire format, then missing fields, then values, each in field order.</param>
    public static bool TryDecode(ReadOnlySpan<byte> payload, DeviceIdTable ids, out ChunkHeader header, out ChunkRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(ids);
        header = default;
        if (payload.Length > ChunkLimits.MaxBytes)
        {
            refusal = ChunkRefusal.Of(RefusalReason.TooLarge, "", $"at most {ChunkLimits.MaxBytes} bytes", "", null, $"{payload.Length} bytes");
            return false;
        }

        var fields = default(ChunkFields);
        if (!fields.TryRead(payload, out var position))
        {
            refusal = ChunkRefusal.Of(RefusalReason.Malformed, "", "a SampleChunk", PrintableId(fields.DeviceId), fields.Sequence, $"not protobuf at byte {position}");
            return false;
        }

        if (Missing(in fields) is { } missing)
        {
            refusal = Refuse(in fields, RefusalReason.MissingField, missing, "present", "missing");
            return false;
        }

        if (BreaksIdentity(in fields, out refusal) || BreaksFormat(in fields, out refusal))
        {
            return false;
        }

        header = new ChunkHeader
        {
            DeviceId = ids.Get(fields.DeviceId),
            SessionId = fields.SessionId.GetValueOrDefault(),
            Sequence = fields.Sequence.GetValueOrDefault(),
            DeviceTimeUnixNs = (long)fields.DeviceTimeUnixNs.GetValueOrDefault(),
            SampleRateHz = fields.SampleRateHz.GetValueOrDefault(),
            Leads = fields.Leads,
            SamplesPerLead = (int)fields.SamplesPerLead.GetValueOrDefault(),
            GainMicrovoltsPerLsb = fields.GainMicrovoltsPerLsb.GetValueOrDefault(),
            BaselineLsb = fields.BaselineLsb.GetValueOrDefault(),
            ElectrodesOff = fields.ElectrodesOff.GetValueOrDefault(),
            EndOfSession = fields.EndOfSession,
            SamplesOffset = fields.SamplesOffset,
            SamplesLength = fields.SamplesLength,
        };
        return true;
    }

    /// <summary>Whether a string may be a device id: 1 to 64 characters of [A-Za-z0-9._-].</summary>
    public static bool IsDeviceId(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > ChunkLimits.MaxDeviceIdLength)
        {
            return false;
        }

        foreach (var character in utf8)
        {
            if (!char.IsAsciiLetterOrDigit((char)character) && character is not ((byte)'.' or (byte)'_' or (byte)'-'))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Missing(in ChunkFields fields) =>
        fields.DeviceId.IsEmpty ? "device_id"
        : fields.SessionId is null ? "session_id"
        : fields.Sequence is null ? "sequence"
        : fields.DeviceTimeUnixNs is null ? "device_time_unix_ns"
        : fields.SampleRateHz is null ? "sample_rate_hz"
        : fields.LeadsSeen == 0 ? "leads"
        : fields.SamplesPerLead is null ? "samples_per_lead"
        : fields.GainMicrovoltsPerLsb is null ? "gain_microvolts_per_lsb"
        : fields.BaselineLsb is null ? "baseline_lsb"
        : fields.SamplesLength == 0 ? "samples"
        : fields.ElectrodesOff is null ? "electrodes_off"
        : null;

    private static bool BreaksIdentity(in ChunkFields fields, out ChunkRefusal refusal)
    {
        refusal = default;
        if (!IsDeviceId(fields.DeviceId))
        {
            refusal = Refuse(in fields, RefusalReason.DeviceId, "device_id", "1 to 64 characters of [A-Za-z0-9._-]", $"{fields.DeviceId.Length} bytes");
        }
        else if (fields.SessionId == 0)
        {
            refusal = Refuse(in fields, RefusalReason.SessionId, "session_id", "not 0", "0");
        }
        else if (fields.DeviceTimeUnixNs > ChunkLimits.MaxDeviceTimeUnixNs)
        {
            refusal = Refuse(in fields, RefusalReason.DeviceTime, "device_time_unix_ns", "before 2100-01-01", Text(fields.DeviceTimeUnixNs.Value));
        }

        return refusal.Reason != RefusalReason.None;
    }

    private static bool BreaksFormat(in ChunkFields fields, out ChunkRefusal refusal)
    {
        refusal = default;
        var rate = fields.SampleRateHz.GetValueOrDefault();
        var samples = fields.SamplesPerLead.GetValueOrDefault();
        var gain = fields.GainMicrovoltsPerLsb.GetValueOrDefault();
        var baseline = fields.BaselineLsb.GetValueOrDefault();
        var electrodes = fields.ElectrodesOff.GetValueOrDefault();

        // Written so that NaN fails too.
        if (!(rate is >= ChunkLimits.MinSampleRateHz and <= ChunkLimits.MaxSampleRateHz))
        {
            refusal = Refuse(in fields, RefusalReason.SampleRate, "sample_rate_hz", "100 to 1000", Text(rate));
        }
        else if (fields.BadLead is { } lead)
        {
            refusal = Refuse(in fields, RefusalReason.Leads, "leads", "known leads, none twice", $"lead {Text(lead)} {(LeadNames.IsDefined(lead) ? "twice" : "unknown")}");
        }
        else if (samples < ChunkLimits.MinSeconds * rate || samples > ChunkLimits.MaxSeconds * rate)
        {
            refusal = Refuse(in fields, RefusalReason.Duration, "samples_per_lead", "20 ms to 2 s", $"{Text(samples)} at {Text(rate)} Hz");
        }
        else if (!(double.IsFinite(gain) && gain > 0))
        {
            refusal = Refuse(in fields, RefusalReason.Gain, "gain_microvolts_per_lsb", "finite and above 0", Text(gain));
        }
        else if (baseline is < short.MinValue or > short.MaxValue)
        {
            refusal = Refuse(in fields, RefusalReason.Baseline, "baseline_lsb", "-32768 to 32767", Text(baseline));
        }
        else if (fields.SamplesLength != 2L * fields.Leads.Count * samples)
        {
            refusal = Refuse(in fields, RefusalReason.SampleCount, "samples", $"{Text(2L * fields.Leads.Count * samples)} bytes", $"{Text(fields.SamplesLength)} bytes");
        }
        else if ((electrodes & ~(fields.Leads.Count == 1 ? ChunkLimits.SingleLeadElectrodes : ChunkLimits.AllElectrodes)) != 0)
        {
            var bits = fields.Leads.Count == 1 ? "bits 0 and 1 for one lead" : "bits 0 to 9";
            refusal = Refuse(in fields, RefusalReason.Electrodes, "electrodes_off", bits, string.Create(CultureInfo.InvariantCulture, $"0x{electrodes:X}"));
        }

        return refusal.Reason != RefusalReason.None;
    }

    private static ChunkRefusal Refuse(in ChunkFields fields, RefusalReason reason, string field, string limit, string value) =>
        ChunkRefusal.Of(reason, field, limit, PrintableId(fields.DeviceId), fields.Sequence, value);

    // Only ids that keep the rule get into texts: anything else may be megabytes long or break a log line.
    private static string PrintableId(ReadOnlySpan<byte> id) => IsDeviceId(id) ? Encoding.ASCII.GetString(id) : "";

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
