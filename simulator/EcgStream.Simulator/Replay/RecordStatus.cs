namespace EcgStream.Simulator.Replay;

/// <summary>How the replay of one record ended.</summary>
public enum RecordStatus
{
    /// <summary>Every chunk acknowledged, every window answered.</summary>
    Answered,

    /// <summary>Every chunk acknowledged, but results are missing.</summary>
    Unanswered,

    /// <summary>The daemon refused chunks of it.</summary>
    Refused,

    /// <summary>Chunks of it were never answered.</summary>
    Lost,

    /// <summary>The file could not be read, or holds what no device can send.</summary>
    Unreadable,

    /// <summary>The replay was stopped before it was through.</summary>
    Stopped,
}
