namespace EcgStream.Core.Sessions;

/// <summary>A stretch of the device clock without samples, or a step of that clock.</summary>
/// <param name="DeviceId">Whose signal.</param>
/// <param name="SessionId">Session of the device.</param>
/// <param name="StartUnixNs">End of the last sample before it.</param>
/// <param name="EndUnixNs">First sample behind it; before the start when the device's clock was set back.</param>
/// <param name="Kind">What was done about it.</param>
/// <param name="MissingChunks">Sequence numbers that lie in it.</param>
public readonly record struct SignalGap(string DeviceId, ulong SessionId, long StartUnixNs, long EndUnixNs, SignalGapKind Kind, long MissingChunks);
