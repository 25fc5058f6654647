using System.Text;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Signals;

public sealed class ChunkDecoderTests
{
    private readonly DeviceIdTable _ids = new(64);

    [Fact]
    public void TryDecode_WholeChunk_ReadsEveryField()
    {
        var payload = new ChunkWriter
        {
            DeviceId = "Ward3.bed_1-x",
            SessionId = ulong.MaxValue,
            Sequence = ulong.MaxValue,
            SampleRateHz = 257.5,
            Leads = [(int)Lead.II, (int)Lead.V6, (int)Lead.Ecg],
            SamplesPerLead = 100,
            Gain = 4.88,
            Baseline = -1024,
            Samples = new byte[600],
            ElectrodesOff = 0x3FF,
            EndOfSession = true,
        }.Write();

        Assert.True(ChunkDecoder.TryDecode(payload, _ids, out var header, out _));

        Assert.Equal("Ward3.bed_1-x", header.DeviceId);
        Assert.Equal(ulong.MaxValue, header.SessionId);
        Assert.Equal(ulong.MaxValue, header.Sequence);
        Assert.Equal(1_700_000_000_000_000_000, header.DeviceTimeUnixNs);
        Assert.Equal(257.5, header.SampleRateHz);
        Assert.Equal(LeadList.Of(Lead.II, Lead.V6, Lead.Ecg), header.Leads);
        Assert.Equal(100, header.SamplesPerLead);
        Assert.Equal(4.88, header.GainMicrovoltsPerLsb);
        Assert.Equal(-1024, header.BaselineLsb);
        Assert.Equal(0x3FFu, header.ElectrodesOff);
        Assert.True(header.EndOfSession);
        Assert.Equal(600, header.SamplesLength);
        Assert.Equal(payload.AsSpan(header.SamplesOffset, 600).ToArray(), new byte[600]);
    }

    [Fact]
    public void TryDecode_UnpackedLeads_SameAsPacked()
    {
        var leads = new ChunkWriter { Leads = [1, 2], Samples = new byte[500] };

        Assert.True(ChunkDecoder.TryDecode(leads.Write(), _ids, out var packed, out _));
        Assert.True(ChunkDecoder.TryDecode((leads with { PackLeads = false }).Write(), _ids, out var unpacked, out _));

        Assert.Equal(packed.Leads, unpacked.Leads);
    }

    [Fact]
    public void TryDecode_UnknownFieldsOfEveryKind_AreSkipped()
    {
        var bytes = new List<byte>();
        ChunkWriter.Varint(bytes, 99, 5);
        ChunkWriter.Fixed(bytes, 100, 5);
        ChunkWriter.Delimited(bytes, 101, [1, 2, 3]);
        bytes.AddRange([0xB5, 0x06, 1, 2, 3, 4]); // field 102, fixed32
        bytes.AddRange([0xBB, 0x06, 0x08, 0x01, 0xC3, 0x06, 0xC4, 0x06, 0xBC, 0x06]); // group 103 with a varint and group 104 in it
        ChunkWriter.Fixed(bytes, 3, 12); // sequence with a foreign wire type
        bytes.AddRange(new ChunkWriter { Sequence = 3 }.Write());

        Assert.True(ChunkDecoder.TryDecode(bytes.ToArray(), _ids, out var header, out _));

        Assert.Equal(3u, header.Sequence);
    }

    [Fact]
    public void TryDecode_ScalarTwice_LastWins()
    {
        var bytes = new List<byte>(new ChunkWriter { Sequence = 3, DeviceId = "first" }.Write());
        ChunkWriter.Varint(bytes, 3, 4);
        ChunkWriter.Delimited(bytes, 1, "second"u8.ToArray());

        Assert.True(ChunkDecoder.TryDecode(bytes.ToArray(), _ids, out var header, out _));

        Assert.Equal(4u, header.Sequence);
        Assert.Equal("second", header.DeviceId);
    }

    public static TheoryData<string, ChunkWriter, RefusalReason, string> Broken => new()
    {
        { "no id", new ChunkWriter { DeviceId = null }, RefusalReason.MissingField, "device_id" },
        { "empty id", new ChunkWriter { DeviceId = "" }, RefusalReason.MissingField, "device_id" },
        { "no session", new ChunkWriter { SessionId = null }, RefusalReason.MissingField, "session_id" },
        { "no sequence", new ChunkWriter { Sequence = null }, RefusalReason.MissingField, "sequence" },
        { "no time", new ChunkWriter { DeviceTimeUnixNs = null }, RefusalReason.MissingField, "device_time_unix_ns" },
        { "no rate", new ChunkWriter { SampleRateHz = null }, RefusalReason.MissingField, "sample_rate_hz" },
        { "no leads", new ChunkWriter { Leads = [] }, RefusalReason.MissingField, "leads" },
        { "no count", new ChunkWriter { SamplesPerLead = null }, RefusalReason.MissingField, "samples_per_lead" },
        { "no gain", new ChunkWriter { Gain = null }, RefusalReason.MissingField, "gain_microvolts_per_lsb" },
        { "no baseline", new ChunkWriter { Baseline = null }, RefusalReason.MissingField, "baseline_lsb" },
        { "no samples", new ChunkWriter { Samples = null }, RefusalReason.MissingField, "samples" },
        { "no electrodes", new ChunkWriter { ElectrodesOff = null }, RefusalReason.MissingField, "electrodes_off" },
        { "id too long", new ChunkWriter { DeviceId = new string('a', 65) }, RefusalReason.DeviceId, "device_id" },
        { "id with a space", new ChunkWriter { DeviceId = "bed 1" }, RefusalReason.DeviceId, "device_id" },
        { "id with a slash", new ChunkWriter { DeviceId = "a/b" }, RefusalReason.DeviceId, "device_id" },
        { "id not ASCII", new ChunkWriter { DeviceId = "bétt" }, RefusalReason.DeviceId, "device_id" },
        { "session 0", new ChunkWriter { SessionId = 0 }, RefusalReason.SessionId, "session_id" },
        { "time beyond 2100", new ChunkWriter { DeviceTimeUnixNs = ulong.MaxValue }, RefusalReason.DeviceTime, "device_time_unix_ns" },
        { "rate low", new ChunkWriter { SampleRateHz = 99.9 }, RefusalReason.SampleRate, "sample_rate_hz" },
        { "rate high", new ChunkWriter { SampleRateHz = 1000.1 }, RefusalReason.SampleRate, "sample_rate_hz" },
        { "rate NaN", new ChunkWriter { SampleRateHz = double.NaN }, RefusalReason.SampleRate, "sample_rate_hz" },
        { "lead unknown", new ChunkWriter { Leads = [18] }, RefusalReason.Leads, "leads" },
        { "lead unspecified", new ChunkWriter { Leads = [0] }, RefusalReason.Leads, "leads" },
        { "lead negative", new ChunkWriter { Leads = [-1] }, RefusalReason.Leads, "leads" },
        { "lead twice", new ChunkWriter { Leads = [2, 2] }, RefusalReason.Leads, "leads" },
        { "too short", new ChunkWriter { SamplesPerLead = 9, Samples = new byte[18] }, RefusalReason.Duration, "samples_per_lead" },
        { "too long", new ChunkWriter { SamplesPerLead = 1001, Samples = new byte[2002] }, RefusalReason.Duration, "samples_per_lead" },
        { "far too long", new ChunkWriter { SamplesPerLead = uint.MaxValue }, RefusalReason.Duration, "samples_per_lead" },
        { "gain 0", new ChunkWriter { Gain = 0 }, RefusalReason.Gain, "gain_microvolts_per_lsb" },
        { "gain NaN", new ChunkWriter { Gain = double.NaN }, RefusalReason.Gain, "gain_microvolts_per_lsb" },
        { "gain infinite", new ChunkWriter { Gain = double.PositiveInfinity }, RefusalReason.Gain, "gain_microvolts_per_lsb" },
        { "gain negative", new ChunkWriter { Gain = -1 }, RefusalReason.Gain, "gain_microvolts_per_lsb" },
        { "baseline high", new ChunkWriter { Baseline = 32768 }, RefusalReason.Baseline, "baseline_lsb" },
        { "baseline low", new ChunkWriter { Baseline = -32769 }, RefusalReason.Baseline, "baseline_lsb" },
        { "odd bytes", new ChunkWriter { Samples = new byte[249] }, RefusalReason.SampleCount, "samples" },
        { "bytes of two leads", new ChunkWriter { Samples = new byte[500] }, RefusalReason.SampleCount, "samples" },
        { "electrode 10", new ChunkWriter { Leads = [1, 2], Samples = new byte[500], ElectrodesOff = 1 << 10 }, RefusalReason.Electrodes, "electrodes_off" },
        { "third electrode of two", new ChunkWriter { ElectrodesOff = 4 }, RefusalReason.Electrodes, "electrodes_off" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void TryDecode_BrokenRule_RefusesNamingFieldAndLimit(string what, ChunkWriter chunk, RefusalReason reason, string field)
    {
        Assert.False(ChunkDecoder.TryDecode(chunk.Write(), _ids, out _, out var refusal), what);

        Assert.Equal(reason, refusal.Reason);
        Assert.Equal(field, refusal.Field);
        Assert.NotEmpty(refusal.Limit);
        Assert.Contains(field, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(refusal.Limit, refusal.Message, StringComparison.Ordinal);
        if (chunk.Sequence is not null)
        {
            Assert.Contains("sequence 1", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(10u, 500)]
    [InlineData(1000u, 500)]
    [InlineData(8u, 360)]
    [InlineData(2u, 100)]
    public void TryDecode_DurationAtTheLimits_Accepts(uint samples, double rate)
    {
        var chunk = new ChunkWriter { SamplesPerLead = samples, SampleRateHz = rate, Samples = new byte[2 * samples] };

        Assert.True(ChunkDecoder.TryDecode(chunk.Write(), _ids, out _, out var refusal), refusal.Message);
    }

    [Fact]
    public void TryDecode_OverTheSizeLimit_RefusesUnread()
    {
        Assert.False(ChunkDecoder.TryDecode(new byte[ChunkLimits.MaxBytes + 1], _ids, out _, out var refusal));

        Assert.Equal(RefusalReason.TooLarge, refusal.Reason);
    }

    [Fact]
    public void TryDecode_EveryTruncation_IsRefused()
    {
        var payload = new ChunkWriter { EndOfSession = true }.Write();
        for (var length = 0; length < payload.Length - 2; length++)
        {
            Assert.False(ChunkDecoder.TryDecode(payload.AsSpan(0, length), _ids, out _, out var refusal));
            Assert.True(refusal.Reason is RefusalReason.Malformed or RefusalReason.MissingField, $"{length}: {refusal}");
        }
    }

    [Fact]
    public void TryDecode_RandomBytes_NeverThrowsAndNeverReachesOutside()
    {
        const int seed = 20260301;
        var random = new Random(seed);
        var good = new ChunkWriter().Write();
        var accepted = 0;
        for (var round = 0; round < 200_000; round++)
        {
            byte[] payload;
            if (round % 2 == 0)
            {
                payload = new byte[random.Next(0, 64)];
                random.NextBytes(payload);
            }
            else
            {
                payload = [.. good];
                for (var change = random.Next(1, 4); change > 0; change--)
                {
                    payload[random.Next(payload.Length - 240)] = (byte)random.Next(256);
                }
            }

            if (ChunkDecoder.TryDecode(payload, _ids, out var header, out var refusal))
            {
                accepted++;
                Assert.True(header.SamplesOffset + header.SamplesLength <= payload.Length, $"seed {seed}, round {round}");
                Assert.Equal(2 * header.Leads.Count * header.SamplesPerLead, header.SamplesLength);
            }
            else
            {
                Assert.NotEqual(RefusalReason.None, refusal.Reason);
                Assert.True(refusal.Message.Length < 400, refusal.Message);
            }
        }

        Assert.InRange(accepted, 100, 199_000);
    }

    [Fact]
    public void TryDecode_KnownDevice_AllocatesNothing()
    {
        var payload = new ChunkWriter { Leads = [1, 2, 3], Samples = new byte[750] }.Write();
        Assert.True(ChunkDecoder.TryDecode(payload, _ids, out _, out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            ChunkDecoder.TryDecode(payload, _ids, out _, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Get_MoreIdsThanPlaces_StillGivesTheRightString()
    {
        var table = new DeviceIdTable(4);
        for (var round = 0; round < 3; round++)
        {
            for (var number = 0; number < 500; number++)
            {
                Assert.Equal($"device-{number}", table.Get(Encoding.ASCII.GetBytes($"device-{number}")));
            }
        }

        Assert.Same(table.Get("device-1"u8), table.Get("device-1"u8));
    }
}
