using System.Buffers.Binary;
using EcgStream.Core.Signals;
using EcgStream.Protocol.V1;
using Google.Protobuf;

namespace EcgStream.Client.Encoding;

/// <summary>
/// Numbers, times and encodes the chunks of one session. The device clock of each chunk follows from the count of samples, so rounding
/// does not add up. One thread at a time; a chunk that was built is the caller's.
/// </summary>
public sealed class ChunkBuilder
{
    private readonly DeviceSession _session;
    private readonly Protocol.V1.Lead[] _leads;
    private readonly decimal _nanosecondsPerSample;
    private ulong _nextSequence;
    private bool _ended;

    /// <exception cref="ArgumentException">The session is not one that a daemon accepts; the message names the field and its limit.</exception>
    public ChunkBuilder(DeviceSession session, ulong firstSequence = 0)
    {
        ArgumentNullException.ThrowIfNull(session);
        Require(IsDeviceId(session.DeviceId), nameof(session.DeviceId), session.DeviceId, "1 to 64 characters of [A-Za-z0-9._-]");
        Require(session.SessionId != 0, nameof(session.SessionId), session.SessionId, "not 0");
        Require(session.StartUnixNs > 0, nameof(session.StartUnixNs), session.StartUnixNs, "above 0");
        Require(
            session.SampleRateHz is >= ChunkLimits.MinSampleRateHz and <= ChunkLimits.MaxSampleRateHz,
            nameof(session.SampleRateHz), session.SampleRateHz, FormattableString.Invariant($"{ChunkLimits.MinSampleRateHz} to {ChunkLimits.MaxSampleRateHz} Hz"));
        Require(
            session.Leads.Count >= 1 && session.Leads.All(lead => LeadNames.IsDefined((int)lead)) && session.Leads.Distinct().Count() == session.Leads.Count,
            nameof(session.Leads), string.Join(' ', session.Leads), "at least one lead, none twice");
        _session = session;
        _nextSequence = firstSequence;
        _nanosecondsPerSample = 1_000_000_000m / (decimal)session.SampleRateHz;

        // The numbers of the two enums are the same by contract.
        _leads = [.. session.Leads.Select(lead => (Protocol.V1.Lead)(int)lead)];
    }

    public DeviceSession Session => _session;

    /// <summary>Samples per lead built so far.</summary>
    public long SamplesBuilt { get; private set; }

    /// <summary>Device clock right after the last sample built.</summary>
    public long EndUnixNs => _session.StartUnixNs + (long)decimal.Round(SamplesBuilt * _nanosecondsPerSample);

    /// <summary>Builds the next chunk from millivolts, lead-major.</summary>
    /// <param name="millivolts">Leads × samples: all of the first lead, then all of the second, and so on.</param>
    /// <param name="samplesPerLead">20 ms to 2 s of samples.</param>
    /// <param name="electrodesOff">Bits of the electrodes that are off, as the contract numbers them.</param>
    /// <param name="endOfSession">True on the last chunk.</param>
    /// <exception cref="ArgumentException">Length or duration is out of bounds, or a sample is not finite.</exception>
    public SampleChunk FromMillivolts(ReadOnlySpan<float> millivolts, int samplesPerLead, uint electrodesOff = 0, bool endOfSession = false)
    {
        CheckLength(millivolts.Length, samplesPerLead);
        var gain = Quantizer.ChooseGainMicrovolts(millivolts);
        var bytes = GC.AllocateUninitializedArray<byte>(millivolts.Length * sizeof(short));
        Quantizer.Write(millivolts, gain, bytes);
        return Next(bytes, samplesPerLead, gain, 0, electrodesOff, endOfSession);
    }

    /// <summary>Builds the next chunk from the device's own counts, lead-major, without touching them.</summary>
    /// <param name="digital">Leads × samples.</param>
    /// <param name="samplesPerLead">20 ms to 2 s of samples.</param>
    /// <param name="gainMicrovoltsPerLsb">Above 0.</param>
    /// <param name="baselineLsb">Count that stands for 0 µV.</param>
    /// <param name="electrodesOff">Bits of the electrodes that are off.</param>
    /// <param name="endOfSession">True on the last chunk.</param>
    /// <exception cref="ArgumentException">Length, duration or gain is out of bounds.</exception>
    public SampleChunk FromDigital(
        ReadOnlySpan<short> digital, int samplesPerLead, double gainMicrovoltsPerLsb, int baselineLsb, uint electrodesOff = 0, bool endOfSession = false)
    {
        CheckLength(digital.Length, samplesPerLead);
        Require(double.IsFinite(gainMicrovoltsPerLsb) && gainMicrovoltsPerLsb > 0, nameof(gainMicrovoltsPerLsb), gainMicrovoltsPerLsb, "finite and above 0");
        var bytes = GC.AllocateUninitializedArray<byte>(digital.Length * sizeof(short));
        for (var i = 0; i < digital.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), digital[i]);
        }

        return Next(bytes, samplesPerLead, gainMicrovoltsPerLsb, baselineLsb, electrodesOff, endOfSession);
    }

    private SampleChunk Next(byte[] bytes, int samplesPerLead, double gain, int baseline, uint electrodesOff, bool endOfSession)
    {
        if (_ended)
        {
            throw new InvalidOperationException("The session has ended; a new one needs a builder of its own.");
        }

        var chunk = new SampleChunk
        {
            DeviceId = _session.DeviceId,
            SessionId = _session.SessionId,
            Sequence = _nextSequence++,
            DeviceTimeUnixNs = (ulong)EndUnixNs,
            SampleRateHz = _session.SampleRateHz,
            SamplesPerLead = (uint)samplesPerLead,
            GainMicrovoltsPerLsb = gain,
            BaselineLsb = baseline,
            Samples = UnsafeByteOperations.UnsafeWrap(bytes),
            ElectrodesOff = electrodesOff,
            EndOfSession = endOfSession,
        };
        chunk.Leads.AddRange(_leads);
        SamplesBuilt += samplesPerLead;
        _ended = endOfSession;
        return chunk;
    }

    private void CheckLength(int values, int samplesPerLead)
    {
        var seconds = samplesPerLead / _session.SampleRateHz;
        Require(
            seconds is >= ChunkLimits.MinSeconds and <= ChunkLimits.MaxSeconds, nameof(samplesPerLead), samplesPerLead,
            FormattableString.Invariant($"{ChunkLimits.MinSeconds} to {ChunkLimits.MaxSeconds} s of samples"));
        Require(values == _leads.Length * samplesPerLead, nameof(values), values, FormattableString.Invariant($"{_leads.Length} leads x {samplesPerLead} samples"));
    }

    private static bool IsDeviceId(string id) =>
        id is { Length: >= 1 and <= ChunkLimits.MaxDeviceIdLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static void Require(bool holds, string name, object value, string limit)
    {
        if (!holds)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {limit}."), name);
        }
    }
}
