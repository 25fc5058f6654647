using EcgStream.Core.Windows;

namespace EcgStream.Inference.Batching;

/// <param name="Window">The window.</param>
/// <param name="Timestamp">When it was queued.</param>
internal readonly record struct QueuedWindow(RhythmWindow Window, long Timestamp);
