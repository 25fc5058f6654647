namespace EcgStream.Client.Streaming;

/// <summary>The stream has ended for good: the daemon could not be reached for too long, or will not have this device. The message names both.</summary>
public sealed class DeviceStreamException(string message, Exception? innerException = null) : Exception(message, innerException);
