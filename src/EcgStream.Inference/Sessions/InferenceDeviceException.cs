namespace EcgStream.Inference.Sessions;

/// <summary>The device that <c>Inference:Device</c> asks for cannot be had. Stops the start; the message says why and what to set.</summary>
public sealed class InferenceDeviceException(string message, Exception? inner) : InvalidOperationException(message, inner);
