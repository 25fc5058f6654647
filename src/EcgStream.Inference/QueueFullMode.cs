namespace EcgStream.Inference;

/// <summary>Which window is lost when a model's queue is full. Either way it is counted.</summary>
public enum QueueFullMode
{
    /// <summary>The one that has waited longest: what is shown stays current.</summary>
    DropOldest,

    /// <summary>The one that comes: what has waited is not wasted.</summary>
    DropNewest,
}
