using System.Text.Unicode;

namespace EcgStream.Core.Signals;

/// <summary>The fields of a SampleChunk as they stood on the wire, before any rule is applied. Scalars: the last one wins.</summary>
internal ref struct ChunkFields
{
    public ReadOnlySpan<byte> DeviceId;
    public ulong? SessionId;
    public ulong? Sequence;
    public ulong? DeviceTimeUnixNs;
    public double? SampleRateHz;
    public LeadList Leads;

    /// <summary>Leads on the wire, those that <see cref="BadLead"/> stands for included.</summary>
    public int LeadsSeen;

    /// <summary>The first number that is no lead or came twice.</summary>
    public int? BadLead;
    public uint? SamplesPerLead;
    public double? GainMicrovoltsPerLsb;
    public int? BaselineLsb;
    public int SamplesOffset;
    public int SamplesLength;
    public uint? ElectrodesOff;
    public bool EndOfSession;

    /// <summary>Reads all fields, skipping those that are not known or that come with a foreign wire type, as every protobuf parser does.</summary>
    /// <returns>False when the bytes are not protobuf; <paramref name="position"/> is then where that was seen.</returns>
    public bool TryRead(ReadOnlySpan<byte> payload, out int position)
    {
        var reader = new WireReader(payload);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadTag(out var field, out var wireType) || !TryReadField(ref reader, payload, field, wireType))
            {
                position = reader.Position;
                return false;
            }
        }

        position = reader.Position;
        return true;
    }

    private bool TryReadField(ref WireReader reader, ReadOnlySpan<byte> payload, int field, int wireType)
    {
        ulong value;
        switch ((field << 3) | wireType)
        {
            case (1 << 3) | WireReader.Delimited:
                // An earlier one that the last replaces must be text too, or other protobuf parsers refuse the chunk.
                if (!Utf8.IsValid(DeviceId) || !reader.TryReadDelimited(out var idOffset, out var idLength))
                {
                    return false;
                }

                DeviceId = payload.Slice(idOffset, idLength);
                return true;
            case (2 << 3) | WireReader.Fixed64:
                SessionId = reader.TryReadFixed64(out value) ? value : null;
                return SessionId is not null;
            case (3 << 3) | WireReader.Varint:
                Sequence = reader.TryReadVarint(out value) ? value : null;
                return Sequence is not null;
            case (4 << 3) | WireReader.Fixed64:
                DeviceTimeUnixNs = reader.TryReadFixed64(out value) ? value : null;
                return DeviceTimeUnixNs is not null;
            case (5 << 3) | WireReader.Fixed64:
                SampleRateHz = reader.TryReadFixed64(out value) ? BitConverter.UInt64BitsToDouble(value) : null;
                return SampleRateHz is not null;
            case (6 << 3) | WireReader.Delimited:
                return reader.TryReadDelimited(out var packedOffset, out var packedLength) && TryReadPackedLeads(payload.Slice(packedOffset, packedLength));
            case (6 << 3) | WireReader.Varint:
                if (!reader.TryReadVarint(out value))
                {
                    return false;
                }

                AddLead((int)value);
                return true;
            case (7 << 3) | WireReader.Varint:
                SamplesPerLead = reader.TryReadVarint(out value) ? (uint)value : null;
                return SamplesPerLead is not null;
            case (8 << 3) | WireReader.Fixed64:
                GainMicrovoltsPerLsb = reader.TryReadFixed64(out value) ? BitConverter.UInt64BitsToDouble(value) : null;
                return GainMicrovoltsPerLsb is not null;
            case (9 << 3) | WireReader.Varint:
                BaselineLsb = reader.TryReadVarint(out value) ? (int)((uint)value >> 1) ^ -(int)((uint)value & 1) : null;
                return BaselineLsb is not null;
            case (10 << 3) | WireReader.Delimited:
                return reader.TryReadDelimited(out SamplesOffset, out SamplesLength);
            case (11 << 3) | WireReader.Varint:
                ElectrodesOff = reader.TryReadVarint(out value) ? (uint)value : null;
                return ElectrodesOff is not null;
            case (12 << 3) | WireReader.Varint:
                if (!reader.TryReadVarint(out value))
                {
                    return false;
                }

                EndOfSession = value != 0;
                return true;
            default:
                return reader.TrySkip(field, wireType);
        }
    }

    private bool TryReadPackedLeads(ReadOnlySpan<byte> packed)
    {
        var reader = new WireReader(packed);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadVarint(out var number))
            {
                return false;
            }

            AddLead((int)number);
        }

        return true;
    }

    private void AddLead(int number)
    {
        LeadsSeen++;
        if ((!LeadNames.IsDefined(number) || !Leads.TryAdd((Lead)number)) && BadLead is null)
        {
            BadLead = number;
        }
    }
}
