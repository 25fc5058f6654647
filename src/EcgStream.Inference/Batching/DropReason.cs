namespace EcgStream.Inference.Batching;

/// <summary>Why a window has no result.</summary>
public enum DropReason
{
    /// <summary>The queue was full.</summary>
    QueueFull,

    /// <summary>The run of its batch failed.</summary>
    Failed,

    /// <summary>The model gave scores for it that are no numbers.</summary>
    NotFinite,

    /// <summary>The daemon was stopping.</summary>
    Stopped,
}
