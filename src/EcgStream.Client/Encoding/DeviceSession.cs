using EcgStream.Core.Signals;

namespace EcgStream.Client.Encoding;

/// <summary>What stays the same over all chunks of one session of a device.</summary>
/// <param name="DeviceId">Pseudonymous, 1 to 64 characters of [A-Za-z0-9._-].</param>
/// <param name="SessionId">Not 0; new at each start of the device.</param>
/// <param name="StartUnixNs">Device clock of the first sample.</param>
/// <param name="SampleRateHz">100 to 1000.</param>
/// <param name="Leads">Leads in the order of the samples, none twice.</param>
public sealed record DeviceSession(string DeviceId, ulong SessionId, long StartUnixNs, double SampleRateHz, IReadOnlyList<Lead> Leads)
{
    /// <summary>A session id that no earlier session of any device has had.</summary>
    public static ulong NewSessionId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong id;
        do
        {
            System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
            id = BitConverter.ToUInt64(bytes);
        }
        while (id == 0);

        return id;
    }
}
