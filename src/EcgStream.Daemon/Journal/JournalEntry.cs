namespace EcgStream.Daemon.Journal;

/// <summary>An accepted chunk on its way into the journal.</summary>
/// <param name="DeviceId">Pseudonymous device id, 1 to 64 ASCII characters.</param>
/// <param name="Transport">How it came in.</param>
/// <param name="IngestUnixNs">The daemon's clock when the chunk came in, Unix nanoseconds.</param>
/// <param name="DeviceStartUnixNs">Device clock of the first sample, Unix nanoseconds.</param>
/// <param name="DeviceEndUnixNs">Device clock of the end of the last sample, Unix nanoseconds.</param>
/// <param name="Payload">The SampleChunk's protobuf bytes as they came, 1 byte to <see cref="MaxPayloadBytes"/>.</param>
public readonly record struct JournalEntry(
    string DeviceId,
    JournalTransport Transport,
    long IngestUnixNs,
    long DeviceStartUnixNs,
    long DeviceEndUnixNs,
    ReadOnlyMemory<byte> Payload)
{
    /// <summary>Chunks are at most 256 KiB; four times that still tells a record's length from noise.</summary>
    public const int MaxPayloadBytes = 1024 * 1024;

    public const int MaxDeviceIdBytes = 64;
}
