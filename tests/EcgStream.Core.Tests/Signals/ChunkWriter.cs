using System.Buffers.Binary;
using System.Text;
using EcgStream.Core.Signals;

namespace EcgStream.Core.Tests.Signals;

/// <summary>A SampleChunk with every field open to be wrong or absent, and a plain writer of the wire format, the naive counterpart of the decoder.</summary>
public sealed record ChunkWriter
{
    public string? DeviceId { get; init; } = "bed-1";

    public ulong? SessionId { get; init; } = 7;

    public ulong? Sequence { get; init; } = 1;

    public ulong? DeviceTimeUnixNs { get; init; } = 1_700_000_000_000_000_000;

    public double? SampleRateHz { get; init; } = 500;

    public IReadOnlyList<int> Leads { get; init; } = [(int)Lead.II];

    public bool PackLeads { get; init; } = true;

    public uint? SamplesPerLead { get; init; } = 125;

    public double? Gain { get; init; } = 5;

    public int? Baseline { get; init; } = 0;

    public byte[]? Samples { get; init; } = new byte[250];

    public uint? ElectrodesOff { get; init; } = 0;

    public bool EndOfSession { get; init; }

    public byte[] Write()
    {
        var bytes = new List<byte>();
        if (DeviceId is not null)
        {
            Delimited(bytes, 1, Encoding.UTF8.GetBytes(DeviceId));
        }

        Fixed(bytes, 2, SessionId);
        Varint(bytes, 3, Sequence);
        Fixed(bytes, 4, DeviceTimeUnixNs);
        Fixed(bytes, 5, SampleRateHz is { } rate ? BitConverter.DoubleToUInt64Bits(rate) : null);
        if (PackLeads && Leads.Count > 0)
        {
            var packed = new List<byte>();
            foreach (var lead in Leads)
            {
                Raw(packed, (ulong)(long)lead);
            }

            Delimited(bytes, 6, [.. packed]);
        }
        else
        {
            foreach (var lead in Leads)
            {
                Varint(bytes, 6, (ulong)(long)lead);
            }
        }

        Varint(bytes, 7, SamplesPerLead);
        Fixed(bytes, 8, Gain is { } gain ? BitConverter.DoubleToUInt64Bits(gain) : null);
        Varint(bytes, 9, Baseline is { } baseline ? (uint)((baseline << 1) ^ (baseline >> 31)) : null);
        if (Samples is not null)
        {
            Delimited(bytes, 10, Samples);
        }

        Varint(bytes, 11, ElectrodesOff);
        if (EndOfSession)
        {
            Varint(bytes, 12, 1);
        }

        return [.. bytes];
    }

    public static void Varint(List<byte> bytes, int field, ulong? value)
    {
        if (value is { } known)
        {
            Raw(bytes, (ulong)field << 3);
            Raw(bytes, known);
        }
    }

    public static void Fixed(List<byte> bytes, int field, ulong? value)
    {
        if (value is { } known)
        {
            Raw(bytes, ((ulong)field << 3) | 1);
            Span<byte> eight = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(eight, known);
            bytes.AddRange(eight);
        }
    }

    public static void Delimited(List<byte> bytes, int field, byte[] content)
    {
        Raw(bytes, ((ulong)field << 3) | 2);
        Raw(bytes, (ulong)content.Length);
        bytes.AddRange(content);
    }

    public static void Raw(List<byte> bytes, ulong value)
    {
        while (value >= 0x80)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)value);
    }
}
