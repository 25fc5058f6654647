using EcgStream.Core.Quality;

namespace EcgStream.Core.Vitals;

/// <summary>What is known of one second of a session, on the device clock.</summary>
/// <param name="DeviceId">Whose signal.</param>
/// <param name="SessionId">Session of the device.</param>
/// <param name="EndUnixNs">Device clock at the end of the second.</param>
/// <param name="HeartRateBpm">Mean rate (see <see cref="HeartRateMeter"/>), null when not known.</param>
/// <param name="Beats">R peaks reported within the second.</param>
/// <param name="LeadsOff">Bit per lead: off for some of the second.</param>
/// <param name="Quality">What else was wrong with the leads.</param>
/// <param name="IngestTimestamp">Timestamp at which the chunk that completed the second came in.</param>
public readonly record struct VitalsSecond(
    string DeviceId,
    ulong SessionId,
    long EndUnixNs,
    float? HeartRateBpm,
    int Beats,
    uint LeadsOff,
    SecondQuality Quality,
    long IngestTimestamp);
