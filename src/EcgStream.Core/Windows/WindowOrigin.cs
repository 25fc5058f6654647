namespace EcgStream.Core.Windows;

/// <summary>Whose samples are windowed, and the device clock at the end of the newest one.</summary>
internal readonly record struct WindowOrigin(string DeviceId, ulong SessionId, long EndUnixNs, long IngestTimestamp);
