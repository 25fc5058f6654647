using System.Text;

namespace EcgStream.Daemon.Journal;

/// <summary>
/// A chunk read back. <see cref="DeviceIdUtf8"/> and <see cref="Payload"/> point into the reader's buffer:
/// they are valid until the next read of the same reader, no longer.
/// </summary>
public readonly record struct JournalRecord(
    JournalPosition Position,
    JournalTransport Transport,
    long IngestUnixNs,
    long DeviceStartUnixNs,
    long DeviceEndUnixNs,
    ReadOnlyMemory<byte> DeviceIdUtf8,
    ReadOnlyMemory<byte> Payload)
{
    /// <summary>The device id as a new string.</summary>
    public string GetDeviceId() => Encoding.ASCII.GetString(DeviceIdUtf8.Span);
}
