namespace EcgStream.Core.Beats;

/// <summary>Whose beats they are, and when the chunk came in that is being analysed.</summary>
internal readonly record struct BeatOrigin(string DeviceId, ulong SessionId, long IngestTimestamp);
